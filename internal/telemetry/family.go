package telemetry

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/safetext"
)

// kind is how the values of a metric are to be read.
type kind uint8

const (
	gauge kind = iota
	counter
	histogram // of seconds
)

// instrument is a metric: its name and unit as OpenTelemetry writes them.
type instrument struct {
	name, unit, help string
	kind             kind
}

// The metrics.
var (
	duration = instrument{"http.client.request.duration", "s",
		"Time of requests from their intended start to their last byte.", histogram}
	transaction = instrument{"loadgate.transaction.duration", "s",
		"Time of transactions, the sum of their requests, without think times.", histogram}
	failures = instrument{"loadgate.failures", "{request}",
		"Requests that failed, by kind and status.", counter}
	lag = instrument{"loadgate.schedule.lag", "s",
		"Time from the intended start of a request until it was sent: the generator's part.", histogram}
	users   = instrument{"loadgate.users", "{user}", "Active users.", gauge}
	offered = instrument{"loadgate.offered", "{arrival}", "Arrivals of an open load that were due.", counter}
	dropped = instrument{"loadgate.dropped", "{arrival}",
		"Arrivals of an open load for which there was no user, or no time.", counter}
	generatorCPU = instrument{"loadgate.generator.cpu", "1",
		"Processor time of the generator, as a share of what it may use.", gauge}
	ruleValue = instrument{"loadgate.rule.value", "",
		"Value that a rule judges, in seconds, events per second, bytes, or as a share.", gauge}
	ruleLimit   = instrument{"loadgate.rule.limit", "", "Limit of a rule, in the unit of its value.", gauge}
	ruleOutcome = instrument{"loadgate.rule.outcome", "",
		"Outcome of a rule so far: 0 pass, 1 warn, 2 inconclusive, 3 fail.", gauge}
	runOutcome = instrument{"loadgate.run.outcome", "",
		"Outcome of the run that is over: 0 pass, 1 warn, 2 inconclusive, 3 fail.", gauge}
)

// instruments are all metrics, in the order in which they are sent; those of rules are the last ones.
var instruments = []instrument{duration, transaction, failures, lag, users, offered, dropped, generatorCPU,
	ruleValue, ruleLimit, ruleOutcome, runOutcome}

const rulesAtEnd = 4

// attribute is one that tells points of a metric apart, or describes the run.
type attribute struct {
	key   string
	value any // string or int64
}

// mostText is how many bytes an attribute may have.
const mostText = 200

// text is an attribute of untrusted text.
func text(key, value string) attribute {
	return attribute{safetext.Brief(safetext.Line(key), mostText), safetext.Brief(safetext.Line(value), mostText)}
}

// String is the value as text.
func (a attribute) String() string { return fmt.Sprint(a.value) }

// point is one value of a metric.
type point struct {
	attributes []attribute
	value      float64
	times      *hist.Latency // of a histogram
}

// key tells the points of one metric apart.
func keyOf(attributes []attribute) string {
	var b strings.Builder
	for _, a := range attributes {
		fmt.Fprintf(&b, "%s=%q,", a.key, a.String())
	}
	return b.String()
}

// family is a metric with its points, of which no two have the same attributes.
type family struct {
	instrument
	points []point
	at     map[string]int // in points, by key
}

func newFamily(of instrument) *family { return &family{instrument: of, at: map[string]int{}} }

// point is the one with these attributes; it is made where there is none.
func (f *family) point(attributes ...attribute) *point {
	key := keyOf(attributes)
	i, ok := f.at[key]
	if !ok {
		i = len(f.points)
		f.at[key] = i
		f.points = append(f.points, point{attributes: attributes})
		if f.kind == histogram {
			f.points[i].times = new(hist.Latency)
		}
	}
	return &f.points[i]
}

// clear takes all points out.
func (f *family) clear() { f.points, f.at = nil, map[string]int{} }
