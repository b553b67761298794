package config

// transaction builds that of an item of steps; nil: the item is a step alone.
func (b *builder) transaction(item *value, order Order) *Transaction {
	name := item.get("transaction")
	if name == nil {
		return nil
	}
	b.repetition(item, order)
	t := &Transaction{
		Name: name.text, Was: b.was(item, name.text, false),
		Times: or(item.get("times"), 1), Weight: or(item.get("weight"), 1.0), Pos: name.pos, path: name.path,
	}
	for _, other := range b.config.Transactions {
		if other.Name == t.Name {
			b.Add(name.pos, name.path, "%q is the name of the transaction in line %d too; write another name",
				t.Name, other.Pos.Line)
			return t
		}
	}
	b.config.Transactions = append(b.config.Transactions, t)
	return t
}

// flat lists the steps of a list, those of its transactions among them.
func flat(items []*value) []*value {
	var steps []*value
	for _, item := range items {
		if inner := item.get("steps"); inner != nil {
			steps = append(steps, inner.list()...)
		} else {
			steps = append(steps, item)
		}
	}
	return steps
}

// apartFromEndpoints refuses names of transactions that are endpoints too, and
// rules that speak of both: a transaction's requests would count twice.
func (b *builder) apartFromEndpoints(root *value) {
	endpoints := map[string]bool{}
	b.config.steps(func(step Step) { endpoints[step.Endpoint] = true })
	names := map[string]bool{}
	for _, t := range b.config.Transactions {
		names[t.Name] = true
		if endpoints[t.Name] {
			b.Add(t.Pos, t.path, "%q is the name of an endpoint too; write another name", t.Name)
		}
	}
	for _, rule := range root.get("thresholds").members() {
		var named, other *value
		for _, pattern := range rule.get("endpoints").list() {
			if names[pattern.text] {
				named = pattern
			} else {
				other = pattern
			}
		}
		if named != nil && other != nil {
			b.Add(named.pos, named.path,
				"%q is a transaction, and the rule speaks of requests too; write a rule of its own for it", named.text)
		}
	}
}
