package config

import "github.com/loadgate/loadgate/internal/config/grammar"

// transaction builds that of an item of steps; nil: the item is a step alone.
func (b *builder) transaction(item *grammar.Value, order Order) *Transaction {
	name := item.Get("transaction")
	if name == nil {
		return nil
	}
	b.repetition(item, order)
	t := &Transaction{
		Name: name.Text, Was: b.was(item, name.Text, false),
		Times: grammar.Or(item.Get("times"), 1), Weight: grammar.Or(item.Get("weight"), 1.0),
		Pos: name.Pos, path: name.Path,
	}
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

// flat lists the steps of a list, those of its transactions among them.
func flat(items []*grammar.Value) []*grammar.Value {
	var steps []*grammar.Value
	for _, item := range items {
		if inner := item.Get("steps"); inner != nil {
			steps = append(steps, inner.List()...)
		} else {
			steps = append(steps, item)
		}
	}
	return steps
}

// apartFromEndpoints refuses names of transactions that are endpoints too, and
// rules that speak of both: a transaction's requests would count twice.
func (b *builder) apartFromEndpoints(root *grammar.Value) {
	endpoints := map[string]bool{}
	b.config.steps(func(step Step) { endpoints[step.Endpoint] = true })
	names := map[string]bool{}
	for _, t := range b.config.Transactions {
		names[t.Name] = true
		if endpoints[t.Name] {
			b.Add(t.Pos, t.path, "%q is the name of an endpoint too; write another name", t.Name)
		}
	}
	for _, rule := range root.Get("thresholds").Members() {
		var named, other *grammar.Value
		for _, pattern := range rule.Get("endpoints").List() {
			if names[pattern.Text] {
				named = pattern
			} else {
				other = pattern
			}
		}
		if named != nil && other != nil {
			b.Add(named.Pos, named.Path,
				"%q is a transaction, and the rule speaks of requests too; write a rule of its own for it", named.Text)
		}
	}
}
