// Package locust writes the CSV files that Locust writes, and one of resources beside them.
package locust

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
)

var quantiles = []struct {
	name string
	q    float64
}{
	{"50%", .50},
	{"66%", .66},
	{"75%", .75},
	{"80%", .80},
	{"90%", .90},
	{"95%", .95},
	{"98%", .98},
	{"99%", .99},
	{"99.9%", .999},
	{"99.99%", .9999},
	{"100%", 1},
}

func quantileNames() []string {
	names := make([]string, 0, len(quantiles))
	for _, p := range quantiles {
		names = append(names, p.name)
	}
	return names
}

// WriteStats writes the statistics of each endpoint, as Locust's _stats.csv.
func WriteStats(w io.Writer, v content.View) error {
	entries, total, err := entries(v.Run)
	if err != nil {
		return err
	}
	out := newLocustCSV(w)
	out.row(slices.Concat([]string{
		"Type", "Name", "Request Count", "Failure Count", "Median Response Time", "Average Response Time",
		"Min Response Time", "Max Response Time", "Average Content Size", "Requests/s", "Failures/s",
	}, quantileNames()))
	span := span(v.Run)
	for _, e := range append(entries, entry{"", "Aggregated", total}) {
		t := e.tally
		out.row(slices.Concat(
			[]string{typeset.Cell(e.method), typeset.Cell(e.name), integer(t.requests), integer(t.failures)},
			t.times(),
			[]string{t.content(), rate(t.requests, span), rate(t.failures, span)},
			t.quantiles(),
		))
	}
	return out.close()
}

// WriteHistory writes a row for each slot: each second, unless the run
// was so long that its slots were merged.
func WriteHistory(w io.Writer, v content.View) error {
	out := newLocustCSV(w)
	out.row(slices.Concat(
		[]string{"Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s"},
		quantileNames(),
		[]string{
			"Total Request Count", "Total Failure Count", "Total Median Response Time", "Total Average Response Time",
			"Total Min Response Time", "Total Max Response Time", "Total Average Content Size",
		},
	))
	r := v.Run
	var total tally
	seconds := seconds(r)
	for i, s := range seconds {
		for _, slot := range s.slots {
			if err := total.add(slot); err != nil {
				return err
			}
		}
		end := ""
		if !r.Started.IsZero() {
			end = integer(r.Started.Add(time.Duration(i+1) * r.Slot).Unix())
		}
		requests, failures := current(seconds[:i+1], r.Slot)
		out.row(slices.Concat(
			[]string{end, strconv.Itoa(s.users),
				"", "Aggregated", sixPlaces(requests), sixPlaces(failures)},
			total.quantiles(),
			[]string{integer(total.requests), integer(total.failures)},
			total.times(),
			[]string{total.content()},
		))
	}
	return out.close()
}

// WriteFailures writes how often each failure occurred, as Locust's _failures.csv.
func WriteFailures(w io.Writer, v content.View) error {
	out := newLocustCSV(w)
	out.row([]string{"Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen"})
	seen := func(since time.Duration) string {
		if v.Run.Started.IsZero() {
			return ""
		}
		return v.Run.Started.Add(since).UTC().Format("2006-01-02T15:04:05Z")
	}
	for _, e := range v.Run.Endpoints {
		method, name := nameOf(e.Name)
		for _, f := range e.Failures {
			if !f.Kind.Sent() {
				continue // to Locust there was no request
			}
			out.row([]string{typeset.Cell(method), typeset.Cell(name), typeset.Cell(errorText(f)),
				integer(f.Count), seen(f.First), seen(f.Last)})
		}
	}
	return out.close()
}

// WriteExceptions writes the header alone: the file lists mistakes in a
// locustfile's own code, and here there is none.
func WriteExceptions(w io.Writer, _ content.View) error {
	out := newLocustCSV(w)
	out.row([]string{"Count", "Message", "Traceback", "Nodes"})
	return out.close()
}

// csvWriter writes rows as Python's csv module does. The first error stays.
type csvWriter struct {
	out *csv.Writer
	err error
}

func newLocustCSV(w io.Writer) *csvWriter {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &csvWriter{out: out}
}

func (c *csvWriter) row(cells []string) {
	if c.err == nil {
		c.err = c.out.Write(cells)
	}
}

func (c *csvWriter) close() error {
	c.out.Flush()
	if c.err != nil {
		return c.err
	}
	return c.out.Error()
}

// nameOf splits an endpoint's name into Locust's Type and Name. A name of
// the user's own has no method in front and no Type.
func nameOf(endpoint string) (method, name string) {
	first, rest, ok := strings.Cut(endpoint, " ")
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"}
	if ok && rest != "" && slices.Contains(methods, first) {
		return first, rest
	}
	return "", endpoint
}

// errorText words a failure as Locust's requests library words a status,
// since scripts look for that; the other kinds as "kind: cause".
func errorText(f result.Failure) string {
	if f.Kind == metric.Status && f.Status >= 400 {
		side := "Client"
		if f.Status >= 500 {
			side = "Server"
		}
		return fmt.Sprintf("HTTPError('%d %s Error')", f.Status, side)
	}
	text := f.Kind.String()
	if f.Status > 0 {
		text += fmt.Sprintf(" (status %d)", f.Status)
	}
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	return text
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

func plainFloat(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func sixPlaces(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

func rate(n int64, span time.Duration) string {
	if span <= 0 {
		return "0"
	}
	return plainFloat(float64(n) / span.Seconds())
}
