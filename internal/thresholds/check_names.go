package thresholds

import (
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// apartFromEndpoints refuses names of transactions that are endpoints too, and
// rules that match both: a transaction's requests would count twice.
func (b checker) apartFromEndpoints(root *grammar.Value) {
	endpoints := map[string]bool{}
	for step := range b.config.Steps() {
		endpoints[step.Endpoint] = true
	}
	names := map[string]string{} // what each is
	for _, t := range b.config.Transactions {
		names[t.Name] = kindOf(t)
		if endpoints[t.Name] {
			b.Add(t.Pos, b.written[t.Pos].path, "%q is the name of an endpoint too; write another name", t.Name)
		}
	}
	for _, rule := range root.Get("thresholds").Members() {
		var named, other *grammar.Value
		for _, pattern := range rule.Get("endpoints").List() {
			if names[pattern.Text] != "" {
				named = pattern
			} else {
				other = pattern
			}
		}
		if named != nil && other != nil {
			b.Add(named.Pos, named.Path,
				"%q is %s, and the rule matches requests too; write a separate rule for it",
				named.Text, names[named.Text])
		}
	}
}

// renamed refuses earlier names that cannot be: of what is there still, of two
// at once, or two of one.
func (b checker) renamed() {
	endpoints, transactions := map[string]bool{}, map[string]bool{}
	for s := range b.config.Steps() {
		endpoints[s.Endpoint] = endpoints[s.Endpoint] || !s.Once.Any()
	}
	for _, t := range b.config.Transactions {
		transactions[t.Name] = true
	}
	ofEndpoint, ofTransaction := earlierNames{b.builder, endpoints, map[string]string{}, map[string]string{}},
		earlierNames{b.builder, transactions, map[string]string{}, map[string]string{}}
	for s := range b.config.Steps() {
		ofEndpoint.take(s.Pos, b.written[s.Pos].path, s.Endpoint, s.Was)
	}
	for _, t := range b.config.Transactions {
		if t.Beside != "" {
			continue // its endpoint says it
		}
		ofTransaction.take(t.Pos, b.written[t.Pos].path, t.Name, t.Was)
	}
}

// earlierNames are the names that were, and who has them now.
type earlierNames struct {
	*builder
	known   map[string]bool
	of, now map[string]string // the earlier name of each, and the present one
}

func (e earlierNames) take(pos mistake.Pos, path, now, was string) {
	if was == "" || was == now {
		return // reported already
	}
	switch {
	case e.known[was]:
		e.Add(pos, path, "was: %q is there still; leave was out, or give that one another name", was)
	case e.of[now] != "" && e.of[now] != was:
		e.Add(pos, path, "was: %q was %q already; write one of them", now, e.of[now])
	case e.now[was] != "" && e.now[was] != now:
		e.Add(pos, path, "was: %q is %q now; write it once", was, e.now[was])
	}
	e.of[now], e.now[was] = was, now
}
