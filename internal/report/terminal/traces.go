package terminal

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// mostTraces is how many traces the table names: they are for those who look on, not for the outcome.
const mostTraces = 5

// traces names a trace of each failing endpoint. Its address is not wrapped: it is to be opened.
func (p *page) traces(all []content.Trace) {
	for i, t := range all {
		if i == 0 {
			p.line("")
		}
		lead := p.ink.bold("TRACE") + "  "
		indent := strings.Repeat(" ", typeset.Width(lead))
		if i == mostTraces {
			p.line(fmt.Sprintf("%sand %d more in the reports", indent, len(all)-i))
			return
		}
		text := typeset.Clean(t.Endpoint) + ", " + t.Rank() + ": " + t.What()
		if line := lead + text + " → " + t.Where(); typeset.Width(line) <= p.width {
			p.line(line)
			continue
		}
		p.hanging(lead, text)
		p.line(indent + "→ " + t.Where())
	}
}

// sampled says how many requests of a plan will carry the id of a trace; empty: its file has no trace.
func (t Timetable) sampled() string {
	share := t.Plan.Config.Trace.Sample
	if share == 0 {
		return ""
	}
	traced := map[int]bool{} // endpoints
	for _, load := range t.Plan.Each() {
		for _, g := range load.Groups {
			for s := range g.All() {
				at := load.Row(s.Endpoint, len(t.Plan.Endpoints))
				traced[at] = traced[at] || t.Plan.Config.Traces(*s.Step)
			}
		}
	}
	expected, unlimited := 0.0, false
	for i, e := range t.Plan.Endpoints {
		if traced[i] {
			expected, unlimited = expected+e.Expected*share, unlimited || e.Unlimited
		}
	}
	text := content.Percent(share) + " of the requests carry a traceparent"
	if unlimited {
		return text
	}
	return fmt.Sprintf("%s, about %s of those measured", text, Rounded(expected))
}
