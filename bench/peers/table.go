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

	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
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
	runs := fmt.Sprintf("medians of %d interleaved repetitions", h.repeat)
	if h.repeat == 1 {
		runs = "one run each"
	}
	lines := []string{
		fmt.Sprintf("%s, %s/%s, %d cores, %s; %s.",
			time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), where, runs),
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
func tabulate(s scenario, found []installed, runs map[string][]run, bases []string) table {
	head := []string{"TOOL", "CPU", "REQUESTS", "CPU A REQUEST"}
	for _, base := range bases {
		head = append(head, "× "+base)
	}
	t := table{title: s.title(),
		rows: [][]string{append(head, "MEMORY", "A USER", "A FURTHER USER", "P50", "P95", "P99")}}
	found = slices.SortedStableFunc(slices.Values(found), func(a, b installed) int {
		return cmp.Compare(medianOf(runs[a.name], run.perRequest), medianOf(runs[b.name], run.perRequest))
	})
	for _, tool := range found {
		own := runs[tool.name]
		if len(own) == 0 {
			continue
		}
		row := []string{
			tool.name,
			fmt.Sprintf("%.2f s", medianOf(own, func(r run) float64 { return r.cpu.Seconds() })),
			unit.Grouped(int64(medianOf(own, run.came))),
			fmt.Sprintf("%.1f µs", medianOf(own, run.perRequest)/1e3),
		}
		for _, base := range bases {
			row = append(row, ratio(own, runs[base]))
		}
		due := latencies(s, own, func(r run) percentiles { return r.said.percentiles })
		t.rows = append(t.rows, slices.Concat(row, memory(s, own), due))
		blank := slices.Repeat([]string{none}, len(t.rows[0])-1-len(due))
		if sent := latencies(s, own, func(r run) percentiles { return r.said.sent }); sent[0] != none &&
			!slices.Equal(sent, due) {
			t.rows = append(t.rows, slices.Concat([]string{tool.name + ", from the send"}, blank, sent))
		}
		if s.target.Every > 0 {
			kept := latencies(s, own, func(r run) percentiles { return r.kept.percentiles() })
			t.rows = append(t.rows, slices.Concat([]string{"target, under " + tool.name}, blank, kept))
		}
		t.notes = append(t.notes, notes(s, tool.name, own)...)
	}
	if len(t.rows) == 1 {
		t.rows = nil
		t.notes = append(t.notes, "No tool that is installed here makes this load.")
	}
	t.drop()
	return t
}

// none stands where there is no figure.
const none = "–"

// drop removes the columns that hold nothing.
func (t *table) drop() {
	if len(t.rows) == 0 {
		return
	}
	for i := len(t.rows[0]) - 1; i >= 0; i-- {
		if slices.ContainsFunc(t.rows[1:], func(row []string) bool { return row[i] != none }) {
			continue
		}
		for r, row := range t.rows {
			t.rows[r] = slices.Delete(row, i, i+1)
		}
	}
}

// memory is the largest resident memory and, where users are what matters,
// its part of each user and what a further user took beside a run with one.
func memory(s scenario, runs []run) []string {
	text := []string{none, none, none}
	all := medianOf(runs, func(r run) float64 { return float64(r.memory) })
	if all > 0 {
		text[0] = fmt.Sprintf("%.1f MB", all/1e6)
	}
	if alone := float64(runs[0].alone); all > 0 && alone > 0 && s.users > 1 {
		text[1] = fmt.Sprintf("%.1f KiB", all/float64(s.users)/1024)
		text[2] = fmt.Sprintf("%.1f KiB", (all-alone)/float64(s.users-1)/1024)
	}
	return text
}

// notes are what stands below the table about a tool: what it said itself, and
// what a reader must know before believing its row.
func notes(s scenario, name string, own []run) []string {
	var out []string
	if note := own[len(own)-1].said.note; note != "" {
		out = append(out, name+", in its last run: "+note)
	}
	said, came := medianOf(own, func(r run) float64 { return float64(r.said.requests) }), medianOf(own, run.came)
	if math.Abs(said/came-1) > 0.01 {
		out = append(out, fmt.Sprintf("%s says %s requests, the target counted %s",
			name, unit.Grouped(int64(said)), unit.Grouped(int64(came))))
	}
	if due := s.due(); due > 0 && math.Abs(came/due-1) > 0.03 {
		out = append(out, fmt.Sprintf("%s sent %.0f %% of the %s requests that this load amounts to",
			name, 100*came/due, unit.Grouped(int64(math.Round(due)))))
	}
	return out
}

// ratio is the median over the repetitions of a tool's processor time for a
// request to the base's.
func ratio(own, base []run) string {
	var ratios []float64
	for i := range min(len(own), len(base)) {
		ratios = append(ratios, own[i].perRequest()/base[i].perRequest())
	}
	if len(ratios) == 0 {
		return none
	}
	return strconv.FormatFloat(median(ratios), 'f', 2, 64)
}

// latencies are medians of percentiles, each with its distance from the truth
// where there is one: the schedule's in a freeze, else the target's.
func latencies(s scenario, runs []run, of func(run) percentiles) []string {
	var text []string
	for i, q := range quantiles {
		var values, misses []float64
		for _, r := range runs {
			value := float64(of(r)[i])
			truth := r.kept.percentiles()[i]
			if s.target.Every > 0 {
				truth, _ = s.scheduled(q)
			}
			if values = append(values, value); truth > 0 {
				misses = append(misses, value/float64(truth)-1)
			}
		}
		switch value := median(values); {
		case slices.Contains(values, 0):
			text = append(text, none)
		case len(misses) > 0:
			text = append(text, fmt.Sprintf("%s (%+.2f %%)", short(time.Duration(value)), 100*median(misses)))
		default:
			text = append(text, short(time.Duration(value)))
		}
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

// median is stat's; 0 without any.
func median(values []float64) float64 {
	m, _ := stat.Median(values)
	return m
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
