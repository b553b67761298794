package thresholds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/endpoint"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
)

// checker compares the parts of a file with each other, once they are built.
type checker struct{ *builder }

// everything calls f with every endpoint and transaction of the file.
func (b checker) everything(known []config.Step, f func(name string, once, transaction bool)) {
	for _, step := range known {
		f(step.Endpoint, step.Once.Any(), false)
	}
	for _, t := range b.config.Transactions {
		f(t.Name, false, true)
	}
}

// row is what requests are counted in: start and end steps have rows of their own.
type row struct {
	endpoint string
	once     metric.Once
}

func rowOf(s config.Step) row { return row{s.Endpoint, s.Once} }

// known lists the first step of each endpoint, start and end steps apart.
func (b checker) known() []config.Step {
	var known []config.Step
	seen := map[row]bool{}
	for step := range b.config.Steps() {
		if !seen[rowOf(step)] {
			seen[rowOf(step)] = true
			known = append(known, step)
		}
	}
	return known
}

// pattern refuses one that matches no endpoint: its rule would hold for ever.
func (b checker) pattern(v *grammar.Value, known []config.Step) {
	fits := func(name string, once, transaction bool) bool {
		return config.Matches([]string{v.Text}, name, once, transaction)
	}
	whole := ""
	var once *config.Step
	for _, t := range b.config.Transactions {
		if fits(t.Name, false, true) {
			return
		}
		if endpoint.Matches(v.Text, t.Name) {
			whole = t.Name
		}
	}
	for _, step := range known {
		if fits(step.Endpoint, step.Once.Any(), false) {
			return
		}
		if step.Once.Any() && once == nil && endpoint.Matches(v.Text, step.Endpoint) {
			once = &step
		}
	}
	for _, step := range slices.Concat(b.config.Setup, b.config.Teardown) {
		if endpoint.Matches(v.Text, step.Endpoint) {
			b.Add(v.Pos, v.Path, "%q matches only %s, which is sent once, before or after the load, and in no "+
				"figure; leave it out", v.Text, mistake.Show(step.Endpoint))
			return
		}
	}
	switch {
	case len(known) == 0 && len(b.config.Transactions) == 0 && b.Count() > 0: // why the file has none is reported
	case once != nil:
		b.Add(v.Pos, v.Path,
			"%q matches only the %s step %s, and %[2]s steps are matched by their whole name; write %q",
			v.Text, once.Once, mistake.Show(once.Endpoint), once.Endpoint)
	case whole != "":
		b.Add(v.Pos, v.Path,
			"%q matches only the transaction %s, and transactions are matched by their whole name; write %q",
			v.Text, mistake.Show(whole), whole)
	default:
		var names []string
		for _, t := range b.config.Transactions {
			names = append(names, t.Name)
		}
		for _, step := range known {
			names = append(names, step.Endpoint)
		}
		b.AddMissing("endpoint "+v.Text, v.Pos, v.Path, "%q matches no endpoint; %s",
			v.Text, insteadEndpoint(v.Text, names))
	}
}

// insteadEndpoint suggests the endpoint that is most like a pattern: with a *
// in it the most like its parts.
func insteadEndpoint(pattern string, known []string) string {
	best, most := "", 0
	for _, name := range known {
		if n := common(pattern, name); n > most {
			best, most = name, n
		}
	}
	if word, ok := expr.Nearest(pattern, known); ok {
		return fmt.Sprintf("did you mean %q?", word)
	}
	if path := strings.IndexByte(best, '/'); path >= 0 && most > path+1 {
		return fmt.Sprintf("the nearest is %q", best)
	}
	return "the endpoints are: " + strings.Join(known, ", ")
}

// common counts the letters of the common prefix of two texts.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
