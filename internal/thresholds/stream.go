package thresholds

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
)

// stream reads events and for; without them, the answer of the step is no stream.
func (b stepBuilder) stream(s *config.Step, v *grammar.Value) {
	number, lasting := v.Get("events"), v.Get("for")
	written := number
	if written == nil {
		written = lasting
	}
	if written == nil {
		return
	}
	if b.kind != walked {
		b.Add(written.Pos, written.Path, "%s steps read no streams of events; write the step under steps, or leave "+
			"this out", b.kind)
		return
	}
	for _, other := range []struct{ key, why string }{
		{"until", "it asks whole answers, again and again; expect asks the last event of a stream"},
		{"graphql", "its answer is read as a whole"},
	} {
		if k := v.Get(other.key); k != nil {
			b.Add(k.Pos, k.Path, "a step that reads a stream has no %s: %s; leave one of them out",
				other.key, other.why)
		}
	}
	if s.Method == "HEAD" {
		b.Add(written.Pos, written.Path, "the answer to HEAD has no body, and so no events; write GET")
	}
	out := &config.Stream{For: grammar.Or(lasting, time.Duration(0))}
	if out.Events, out.All = grammar.Or(number, 0), grammar.Or(number, "") == "all"; s.Endpoint != "" {
		out.Gap = b.beside(s, gapRow, config.GapOf)
	}
	s.Stream = out
}

// What rows beside requests are.
const (
	gapRow     = "the gaps of a stream"
	messageRow = "messages of a WebSocket"
)

// beside is the row of a kind beside the requests of a step: that of an earlier step of its endpoint, or a new one.
func (b stepBuilder) beside(s *config.Step, kind string, name func(endpoint string) string) *config.Transaction {
	row := name(s.Endpoint)
	at := slices.IndexFunc(b.config.Transactions, func(t *config.Transaction) bool { return t.Name == row })
	if at < 0 {
		t := &config.Transaction{Name: row, Times: 1, Weight: 1, Pos: s.Pos, Beside: kind}
		if s.Was != "" {
			t.Was = name(s.Was)
		}
		b.config.Transactions = append(b.config.Transactions, t)
		return t
	}
	t := b.config.Transactions[at]
	if t.Beside != kind {
		b.Add(s.Pos, b.written[s.Pos].path, "%s are counted as %s, which is the name of %s in line %d; give one of "+
			"them another name", kind, mistake.Show(row), kindOf(t), t.Pos.Line)
	}
	return t
}

// kindOf says what a row beside those of the endpoints is.
func kindOf(t *config.Transaction) string {
	if t.Beside != "" {
		return "the row of " + t.Beside
	}
	return "a transaction"
}

// gapless refuses limits on the time to the first byte for what is measured beside requests, which has none.
func (b checker) gapless(root *grammar.Value) {
	for _, rule := range root.Get("thresholds").Members() {
		patterns := rule.Get("endpoints").Texts()
		at := slices.IndexFunc(b.config.Transactions, func(t *config.Transaction) bool {
			return t.Beside != "" && config.Matches(patterns, t.Name, false, true)
		})
		if at < 0 {
			continue
		}
		for _, limit := range rule.Members() {
			if m, ok := metric.Parse(limit.Key); ok && m.OfFirstByte() {
				b.Add(limit.Pos, limit.Path, "%s has no first byte; write p95 here, or a rule for the requests",
					b.config.Transactions[at].Name)
			}
		}
	}
}
