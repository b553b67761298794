package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// head is what a reader needs to know before the tables.
type head struct {
	found   []installed
	missing []string
	repeat  int
	pinned  bool
}

func printHead(w io.Writer, h head, markdown bool) {
	var about []string
	for _, t := range h.found {
		about = append(about, t.about)
	}
	where := "client and target on a core each"
	if !h.pinned {
		where = "client and target not pinned"
	}
	lines := []string{
		fmt.Sprintf("%s, %s/%s, %d cores, %s; medians of %d interleaved repetitions.",
			time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), where, h.repeat),
		"Versions: " + strings.Join(about, "; ") + ".",
	}
	if len(h.missing) > 0 {
		lines = append(lines, "Not installed: "+strings.Join(h.missing, ", ")+".")
	}
	end := "\n"
	if markdown {
		end = "\n\n"
	}
	fmt.Fprint(w, strings.Join(lines, end), "\n")
}

// table is one scenario's figures as text.
type table struct {
	title string
	rows  [][]string // the first one names the columns
	notes []string
}

// tabulate makes the table of a scenario, cheapest tool first. Ratios are
// taken within a repetition, before the median.
func tabulate(s scenario, found []installed, runs map[string][]run, base string) table {
	t := table{title: s.name + ": " + s.about, rows: [][]string{{
		"TOOL", "CPU", "REQUESTS", "CPU A REQUEST", "× " + base, "MEMORY", "A USER", "P50", "P95", "P99",
	}}}
	found = slices.SortedStableFunc(slices.Values(found), func(a, b installed) int {
		return cmp.Compare(medianOf(runs[a.name], run.perRequest), medianOf(runs[b.name], run.perRequest))
	})
	for _, tool := range found {
		own := runs[tool.name]
		if len(own) == 0 {
			continue
		}
		memory := medianOf(own, func(r run) float64 { return float64(r.memory) })
		said := medianOf(own, func(r run) float64 { return float64(r.said.requests) })
		came := medianOf(own, func(r run) float64 { return float64(r.kept.Requests) })
		user := "–"
		if s.users > 0 && memory > 0 {
			user = fmt.Sprintf("%.0f KiB", memory/float64(s.users)/1024)
		}
		t.rows = append(t.rows, []string{
			tool.name,
			fmt.Sprintf("%.2f s", medianOf(own, func(r run) float64 { return r.cpu.Seconds() })),
			fmt.Sprintf("%.0f", came),
			fmt.Sprintf("%.1f µs", medianOf(own, run.perRequest)/1e3),
			ratio(own, runs[base]),
			known(memory > 0, fmt.Sprintf("%.1f MB", memory/1e6)),
			user,
			percentile(s, own, 0.50, func(f figures) time.Duration { return f.p50 }, func(r record) time.Duration { return r.P50 }),
			percentile(s, own, 0.95, func(f figures) time.Duration { return f.p95 }, func(r record) time.Duration { return r.P95 }),
			percentile(s, own, 0.99, func(f figures) time.Duration { return f.p99 }, func(r record) time.Duration { return r.P99 }),
		})
		if note := own[len(own)-1].said.note; note != "" {
			t.notes = append(t.notes, tool.name+", last repetition: "+note)
		}
		if math.Abs(said/came-1) > 0.01 {
			t.notes = append(t.notes, fmt.Sprintf("%s says %.0f requests, the target counted %.0f", tool.name, said, came))
		}
	}
	if len(t.rows) == 1 {
		t.rows = nil
		t.notes = append(t.notes, "No tool that is installed here makes this load.")
	}
	return t
}

// ratio is the median over the repetitions of a tool's processor time for a
// request to the base's.
func ratio(own, base []run) string {
	var ratios []float64
	for i := range min(len(own), len(base)) {
		ratios = append(ratios, own[i].perRequest()/base[i].perRequest())
	}
	if len(ratios) == 0 {
		return "–"
	}
	return strconv.FormatFloat(median(ratios), 'f', 2, 64)
}

// percentile is the median of what a tool said, and how far it was from the
// truth where there is one: the schedule's in a freeze, else the target's.
func percentile(s scenario, runs []run, q float64, said func(figures) time.Duration, kept func(record) time.Duration) string {
	var values, misses []float64
	for _, r := range runs {
		value := said(r.said)
		if value == 0 {
			return "–"
		}
		values = append(values, float64(value))
		truth := kept(r.kept)
		if s.target.Every > 0 {
			truth, _ = s.target.scheduled(q)
		}
		if truth > 0 {
			misses = append(misses, float64(value)/float64(truth)-1)
		}
	}
	text := short(time.Duration(median(values)))
	if len(misses) > 0 {
		text += fmt.Sprintf(" (%+.2f %%)", 100*median(misses))
	}
	return text
}

func known(ok bool, text string) string {
	if !ok {
		return "–"
	}
	return text
}

// medianOf is the median of a figure over runs; 0 without any.
func medianOf(runs []run, figure func(run) float64) float64 {
	var values []float64
	for _, r := range runs {
		values = append(values, figure(r))
	}
	return median(values)
}

// median is the middle value, or the mean of the middle two; 0 without any.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}

// short is a duration to three digits.
func short(d time.Duration) string {
	if d <= 0 {
		return "0"
	}
	scale := time.Duration(math.Pow10(max(0, int(math.Log10(float64(d)))-2)))
	return d.Round(scale).String()
}

// printTable prints a table as aligned text or as Markdown.
func printTable(w io.Writer, t table, markdown bool) error {
	if markdown {
		fmt.Fprintf(w, "\n### %s\n", t.title)
		if len(t.rows) > 0 {
			fmt.Fprintln(w)
		}
		for i, row := range t.rows {
			fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintf(w, "|%s\n", strings.Repeat(" --- |", len(row)))
			}
		}
	} else {
		fmt.Fprintf(w, "\n%s\n", t.title)
		aligned := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, row := range t.rows {
			fmt.Fprintln(aligned, strings.Join(row, "\t"))
		}
		if err := aligned.Flush(); err != nil {
			return err
		}
	}
	for _, note := range t.notes {
		line := "\n%s\n"
		if !markdown {
			line = "  %s\n"
		}
		if _, err := fmt.Fprintf(w, line, note); err != nil {
			return err
		}
	}
	return nil
}
