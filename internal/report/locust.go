package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Locust's CSV files, so that scripts which read them go on working: the same
// columns in the same order, CRLF at the end of lines, times in milliseconds,
// the whole run with its warm-up, and failed requests in counts and
// percentiles alike. The last row of _stats and every row of _stats_history
// has an empty Type and the Name Aggregated; the percentiles of the history
// are those since the start, as Locust's are without --csv-full-history.
//
// What differs, for the better: percentiles are of nearest rank and rounded
// to whole milliseconds, where Locust rounds to two digits and takes the next
// rank; times count from the intended start; content sizes are bytes on the
// wire, heads included.

var locustQuantiles = []struct {
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

func locustQuantileNames() []string {
	names := make([]string, 0, len(locustQuantiles))
	for _, p := range locustQuantiles {
		names = append(names, p.name)
	}
	return names
}

func writeLocustStats(w io.Writer, v View) error {
	entries, total, err := locustEntries(v.run)
	if err != nil {
		return err
	}
	out := newLocustCSV(w)
	out.row(slices.Concat([]string{
		"Type", "Name", "Request Count", "Failure Count", "Median Response Time", "Average Response Time",
		"Min Response Time", "Max Response Time", "Average Content Size", "Requests/s", "Failures/s",
	}, locustQuantileNames()))
	span := locustSpan(v.run)
	for _, e := range append(entries, locustEntry{"", "Aggregated", total}) {
		t := e.tally
		out.row(slices.Concat(
			[]string{cell(e.method), cell(e.name), integer(t.requests), integer(t.failures)},
			t.times(),
			[]string{t.content(), locustRate(t.requests, span), locustRate(t.failures, span)},
			t.quantiles(),
		))
	}
	return out.close()
}

// writeLocustHistory writes a row for each slot: each second, unless the run
// was so long that its slots were merged.
func writeLocustHistory(w io.Writer, v View) error {
	out := newLocustCSV(w)
	out.row(slices.Concat(
		[]string{"Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s"},
		locustQuantileNames(),
		[]string{
			"Total Request Count", "Total Failure Count", "Total Median Response Time", "Total Average Response Time",
			"Total Min Response Time", "Total Max Response Time", "Total Average Content Size",
		},
	))
	r := v.run
	var total locustTally
	seconds := locustSeconds(r)
	for i, s := range seconds {
		for _, slot := range s.slots {
			if err := total.add(slot); err != nil {
				return err
			}
		}
		end := r.Started.Add(time.Duration(i+1) * r.Slot)
		requests, failures := current(seconds[:i+1], r.Slot)
		out.row(slices.Concat(
			[]string{integer(end.Unix()), strconv.Itoa(s.users),
				"", "Aggregated", sixPlaces(requests), sixPlaces(failures)},
			total.quantiles(),
			[]string{integer(total.requests), integer(total.failures)},
			total.times(),
			[]string{total.content()},
		))
	}
	return out.close()
}

func writeLocustFailures(w io.Writer, v View) error {
	out := newLocustCSV(w)
	out.row([]string{"Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen"})
	seen := func(since time.Duration) string {
		if v.run.Started.IsZero() {
			return ""
		}
		return v.run.Started.Add(since).UTC().Format("2006-01-02T15:04:05Z")
	}
	for _, e := range v.run.Endpoints {
		method, name := locustName(e.Name)
		for _, f := range e.Failures {
			if !f.Kind.Sent() {
				continue // to Locust there was no request
			}
			out.row([]string{cell(method), cell(name), cell(locustError(f)),
				integer(f.Count), seen(f.First), seen(f.Last)})
		}
	}
	return out.close()
}

// writeLocustExceptions writes the header alone: the file lists mistakes in a
// locustfile's own code, and here there is none.
func writeLocustExceptions(w io.Writer, _ View) error {
	out := newLocustCSV(w)
	out.row([]string{"Count", "Message", "Traceback", "Nodes"})
	return out.close()
}

// locustCSV writes rows as Python's csv module does. The first error stays.
type locustCSV struct {
	out *csv.Writer
	err error
}

func newLocustCSV(w io.Writer) *locustCSV {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &locustCSV{out: out}
}

func (c *locustCSV) row(cells []string) {
	if c.err == nil {
		c.err = c.out.Write(cells)
	}
}

func (c *locustCSV) close() error {
	c.out.Flush()
	if c.err != nil {
		return c.err
	}
	return c.out.Error()
}

// locustName splits an endpoint's name into Locust's Type and Name. A name of
// the user's own has no method in front and no Type.
func locustName(endpoint string) (method, name string) {
	first, rest, ok := strings.Cut(endpoint, " ")
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"}
	if ok && rest != "" && slices.Contains(methods, first) {
		return first, rest
	}
	return "", endpoint
}

// locustError words a failure as Locust's requests library words a status,
// since scripts look for that; the other kinds as "kind: cause".
func locustError(f result.Failure) string {
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

func locustRate(n int64, span time.Duration) string {
	if span <= 0 {
		return "0"
	}
	return plainFloat(float64(n) / span.Seconds())
}
