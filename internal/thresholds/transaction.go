package thresholds

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
)

// transaction builds that of an item of steps; nil: the item is a step alone.
func (b *builder) transaction(item *grammar.Value, order config.Order) *config.Transaction {
	name := item.Get("transaction")
	if name == nil {
		return nil
	}
	b.repetition(item, order)
	t := &config.Transaction{
		Name: name.Text, Was: b.was(item, name.Text, walked),
		Times: grammar.Or(item.Get("times"), 1), Weight: grammar.Or(item.Get("weight"), 1.0),
		Pos: name.Pos,
	}
	b.written[t.Pos] = written{path: name.Path}
	for _, other := range b.config.Transactions {
		if other.Name == t.Name {
			b.Add(name.Pos, name.Path, "%q is the name of the transaction in line %d too; write another name",
				t.Name, other.Pos.Line)
			return t
		}
	}
	b.config.Transactions = append(b.config.Transactions, t)
	return t
}

// flat lists the steps of a list, those of its transactions and parallel blocks among them.
func flat(items []*grammar.Value) []*grammar.Value {
	var steps []*grammar.Value
	for _, item := range items {
		inner := item.Get("steps")
		if inner == nil {
			inner = item.Get("parallel")
		}
		if inner == nil {
			steps = append(steps, item)
		} else {
			steps = append(steps, flat(inner.List())...)
		}
	}
	return steps
}

// timeoutOf is a step's own timeout, else the target's.
func (b *builder) timeoutOf(v *grammar.Value) time.Duration {
	return grammar.Or(v.Get("timeout"), b.config.Target.Timeout)
}

// single refuses numbers for steps that are sent once.
func (b *builder) single(v *grammar.Value, kind stepKind) {
	for _, key := range []string{"times", "weight"} {
		if k := v.Get(key); k != nil {
			b.Add(k.Pos, k.Path, "%s steps are sent once; leave %s out", kind, key)
		}
	}
	if k := v.Get("wait"); k != nil {
		b.Add(k.Pos, k.Path, "nobody thinks after %s steps; leave wait out", kind)
	}
}

// repetition refuses numbers that the order of the group does not read.
func (b *builder) repetition(v *grammar.Value, order config.Order) {
	times, weight := v.Get("times"), v.Get("weight")
	switch {
	case order == config.Weighted && times != nil:
		b.Add(times.Pos, times.Path, "times belongs to order: sequence; write weight here")
	case order == config.Sequence && weight != nil:
		b.Add(weight.Pos, weight.Path,
			"weight belongs to order: weighted; write times here, or order: weighted in the group")
	}
}

// was reads the earlier name of what is compared with earlier runs.
func (b *builder) was(v *grammar.Value, now string, kind stepKind) string {
	was := v.Get("was")
	switch {
	case was == nil:
		return ""
	case kind != walked:
		b.Add(was.Pos, was.Path, "%s steps are not compared with earlier runs; leave was out", kind)
	case was.Text == now:
		b.Add(was.Pos, was.Path, "%q is its name already; leave was out", now)
	}
	return was.Text
}
