package content

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// fewestCrowd is how many findings of one rule, or of one cause, are one line, and fewestOfRules how
// many of several rules: their names and limits say something too. A line names all of a few, else
// the first.
const (
	fewestCrowd   = 4
	fewestOfRules = 8
	fewNames      = 5
	namedCrowd    = 3
)

// alikeChange is how many times the next smaller change a change may be that has its reason.
const alikeChange = 1.5

// gathered is checks of one outcome and one explanation, or a single one. The worst is the first.
type gathered struct {
	at     []int // their places among those that were given
	checks []verdict.Check
	why    explained // of all of them
	cause  *Cause    // that explains them; nil: none does
}

// gather puts n checks together that have one explanation, if they are many, in the order of their
// severity.
func (v View) gather(n int, check func(int) verdict.Check) []gathered {
	var made []gathered
	place := map[string]int{}
	for i := range n {
		c := check(i)
		why := v.explain(c)
		g, known := place[why.key]
		if !known || why.key == "" {
			g = len(made)
			made = append(made, gathered{why: why})
			if why.cause >= 0 {
				made[g].cause = &v.Causes[why.cause]
			}
			place[why.key] = g
		}
		made[g] = made[g].with(i, c, why)
	}
	var all []gathered
	for _, g := range made {
		for _, part := range g.byChange() {
			all = append(all, part.ifMany()...)
		}
	}
	severity := func(g gathered) int { return slices.Index(Severity[:], g.checks[0].Outcome) }
	slices.SortStableFunc(all, func(a, b gathered) int {
		return cmp.Or(cmp.Compare(severity(a), severity(b)), cmp.Compare(slices.Min(a.at), slices.Min(b.at)))
	})
	return all
}

// with adds a check. What is said of all is what is said of each, and of failures the least share.
func (g gathered) with(at int, c verdict.Check, why explained) gathered {
	g.at, g.checks = append(g.at, at), append(g.checks, c)
	if why.share < g.why.share {
		g.why.failed, g.why.share = why.failed, why.share
	}
	g.why.facts = slices.DeleteFunc(slices.Clone(g.why.facts),
		func(fact string) bool { return !slices.Contains(why.facts, fact) })
	return g
}

// part is some of the checks, by their places among them.
func (g gathered) part(places []int) gathered {
	p := gathered{why: g.why, cause: g.cause}
	for _, i := range places {
		p.at, p.checks = append(p.at, g.at[i]), append(p.checks, g.checks[i])
	}
	return p
}

// sorted are the places of the checks, the worst first.
func (g gathered) sorted() []int {
	places := make([]int, len(g.at))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(g.worse(b), g.worse(a)) })
	return places
}

// worse is by how much a check is worse than it may be.
func (g gathered) worse(i int) float64 {
	if c := g.checks[i]; c.Comparison != nil {
		return Worsening(c)
	}
	return Tightness(g.checks[i])
}

// byChange parts changes of unlike size: what made one endpoint ten times as slow is not what made
// all others a little slower.
func (g gathered) byChange() []gathered {
	if g.checks[0].Comparison == nil {
		return []gathered{g}
	}
	var parts []gathered
	var places []int
	last := math.NaN()
	for _, i := range g.sorted() {
		factor := 1 + math.Abs(g.checks[i].Comparison.Change)
		if last > alikeChange*factor || factor > alikeChange*last {
			parts, places = append(parts, g.part(places)), nil
		}
		places, last = append(places, i), factor
	}
	return append(parts, g.part(places))
}

// ifMany is the checks as one, the worst first, or each alone where they are few.
func (g gathered) ifMany() []gathered {
	fewest := fewestCrowd
	if g.cause == nil && len(g.rules()) > 1 {
		fewest = fewestOfRules
	}
	if len(g.at) >= fewest {
		return []gathered{g.part(g.sorted())}
	}
	var each []gathered
	for i := range g.at {
		each = append(each, g.part([]int{i}))
	}
	return each
}

// rules are the rules of the checks, each once.
func (g gathered) rules() []string {
	return distinct(g.checks, func(c verdict.Check) string { return c.Rule })
}

// rulesNamed are the rules in words.
func (g gathered) rulesNamed() []string {
	if g.checks[0].AboutRun() {
		return []string{"the run itself"}
	}
	return g.rules()
}

// distinct are the texts of checks, each once, in their order.
func distinct(checks []verdict.Check, text func(verdict.Check) string) []string {
	var all []string
	for _, c := range checks {
		if t := text(c); !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// endpoints are those that the checks judge, each once; of a check without any its subject.
func (g gathered) endpoints() []string {
	known := map[string]bool{}
	var all []string
	for _, c := range g.checks {
		for _, name := range namesOf(c) {
			if !known[name] {
				all, known[name] = append(all, name), true
			}
		}
	}
	return all
}

// namesOf are the endpoints of a check; of one without any its subject.
func namesOf(c verdict.Check) []string {
	if len(c.Endpoints) == 0 {
		return []string{c.Subject}
	}
	return c.Endpoints
}

// endpointsText is how many endpoints they are, or which one.
func (g gathered) endpointsText() string {
	names := g.endpoints()
	if len(names) == 1 {
		return names[0]
	}
	return unit.Counted(len(names), "endpoint")
}

// subject is how many endpoints they are, and the first of them.
func (g gathered) subject() string {
	text, names := g.endpointsText(), g.endpoints()
	if len(names) > 1 {
		text += ": " + named(names)
	}
	return text
}

// named are some names: all of them where they are few, else the first and how many more there are.
func named(names []string) string {
	first := names[:shownNames(len(names))]
	return strings.Join(first, ", ") + MoreText(len(names)-len(first))
}

// shownNames is how many of n names are shown.
func shownNames(n int) int {
	if n <= fewNames {
		return n
	}
	return namedCrowd
}

// title is the rule, or what explains the checks of several rules.
func (g gathered) title() string {
	if g.underRule() {
		return g.rules()[0]
	}
	return g.sentences()[0]
}

// underRule says whether one rule of the file has all of the checks.
func (g gathered) underRule() bool { return len(g.rules()) == 1 && g.checks[0].Comparison == nil }

// sentences are all that is said of all checks, the explanation first.
func (g gathered) sentences() []string {
	switch failed := g.why.failed; {
	case g.cause != nil:
		return []string{g.cause.Title, g.cause.Evidence}
	case g.why.leads:
		return append([]string{failed}, g.why.facts...)
	case failed != "":
		return append(slices.Clone(g.why.facts), failed)
	}
	return g.why.facts
}

// said is all that is said of all checks.
func (g gathered) said() string {
	if g.cause != nil {
		return strings.Join(g.sentences(), ": ")
	}
	return strings.Join(g.sentences(), "; ")
}

// beside is what is said of all checks beside the title.
func (g gathered) beside() string {
	if g.underRule() {
		return g.said()
	}
	return strings.Join(g.sentences()[1:], "; ")
}

// told is all that is said of all checks, and which they are, or the worst of them, each with a figure.
func (g gathered) told(figure func(verdict.Check) string) string {
	var worst []string
	for _, c := range g.checks[:shownNames(len(g.checks))] {
		name := c.Subject
		switch alone := len(g.endpoints()) == 1; {
		case alone && len(g.rules()) == 1:
			name = c.Metric.Name()
		case alone || len(c.Endpoints) > 1:
			name = c.Rule
		}
		worst = append(worst, fmt.Sprintf("%s (%s)", name, figure(c)))
	}
	which := "; worst first: "
	more := len(g.checks) - len(worst)
	if more > 0 {
		which = "; the worst: "
	}
	return g.said() + which + strings.Join(worst, ", ") + MoreText(more)
}

// ruleText is the rule, or how many they are.
func (g gathered) ruleText() string {
	rules := g.rules()
	if len(rules) == 1 {
		return rules[0]
	}
	return unit.Counted(len(rules), "rule")
}

// remedy is what to do: what would decide all of the checks, if some length of a run does.
func (g gathered) remedy() string {
	if g.cause != nil {
		return g.cause.Next
	}
	longest := slices.MaxFunc(g.checks, func(a, b verdict.Check) int { return cmp.Compare(a.Decides, b.Decides) })
	longest.Remedies = slices.Clone(longest.Remedies)
	for i, r := range longest.Remedies {
		if r.Code == reason.LimitFailures { // which names one endpoint
			longest.Remedies[i] = r.Code.Plain()
		}
	}
	return NoteOf(longest).Remedy
}

// metricsText names the metrics.
func (g gathered) metricsText() string {
	return strings.Join(distinct(g.checks, func(c verdict.Check) string { return c.Metric.Name() }), ", ")
}

// between is the least and the most of some quantities.
func between(all []unit.Quantity, write func(unit.Quantity) string) string {
	order := func(a, b unit.Quantity) int { return cmp.Compare(a.Value, b.Value) }
	low, high := write(slices.MinFunc(all, order)), write(slices.MaxFunc(all, order))
	if low == high {
		return low
	}
	return joinQuantities(low, "–", high)
}

// valueText is from which value to which they reach; that of the worst where the values are of
// several kinds.
func (g gathered) valueText() string {
	var values []unit.Quantity
	for _, c := range g.checks {
		if c.Metric.Better() != g.checks[0].Metric.Better() || c.Metric.Share() != g.checks[0].Metric.Share() {
			return ValueText(g.checks[0])
		}
		if c.Got.OK {
			values = append(values, inUnitOf(c.Limit, c.Got.Quantity))
		}
	}
	if values == nil {
		return ValueText(g.checks[0])
	}
	return between(values, unit.Amount)
}

// limitText is their limit, or from which to which they reach, or else their metrics.
func (g gathered) limitText() string {
	limits := distinct(g.checks, LimitOf)
	if len(limits) == 1 {
		return limits[0]
	}
	var values []unit.Quantity
	for _, c := range g.checks {
		if c.Metric != g.checks[0].Metric || !c.Limit.OK {
			return g.metricsText()
		}
		values = append(values, c.Limit.Quantity)
	}
	return RelationTo(g.checks[0].Metric) + between(values, unit.Quantity.Exact)
}

// requestsText is how many requests they rest on. A check of several endpoints has those of checks of some of them.
// Where two checks share only some of their endpoints, nobody knows how many both have, and there is no number.
func (g gathered) requestsText() string {
	checks := slices.Clone(g.checks)
	slices.SortStableFunc(checks, func(a, b verdict.Check) int {
		return cmp.Or(cmp.Compare(len(b.Endpoints), len(a.Endpoints)), cmp.Compare(b.Requests, a.Requests))
	})
	counted := map[string]bool{}
	var all int64
	for _, c := range checks {
		names := namesOf(c)
		again := 0
		for _, name := range names {
			if counted[name] {
				again++
			}
			counted[name] = true
		}
		switch again {
		case 0:
			all += c.Requests
		case len(names): // they are among those of a larger check, or of the same one
		default:
			return ""
		}
	}
	return unit.Grouped(all)
}

// changeText is from which change to which they reach.
func (g gathered) changeText() string {
	texts := distinct(g.checks, func(c verdict.Check) string { return ChangeText(c.Comparison.Change) })
	if len(texts) == 1 {
		return texts[0]
	}
	return texts[len(texts)-1] + " … " + texts[0]
}
