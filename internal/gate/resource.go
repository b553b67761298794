package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Resources judges what was watched beside the load, in the order of the file.
func Resources(e *evidence.Run) []verdict.Check {
	if e.Ongoing {
		return nil
	}
	var checks []verdict.Check
	for _, r := range e.Config.Resources {
		if !r.Limited() || !r.Applies(e.Result.Profile) {
			continue
		}
		if e.Result.Source.Foreign() {
			return []verdict.Check{{
				Subject: "resources", Outcome: verdict.Warn, Shown: true,
				Reason: fmt.Sprintf("%s watched no resources, so those of the file are not judged",
					e.Result.Source.Tool),
				Remedy: "watch them with loadgate run, or write a file without them for the results of other tools",
			}}
		}
		checks = append(checks, resource(e, r)...)
	}
	return checks
}

// watchedOnly tells what was read of gauges that no limit holds for in this
// profile, in one note: nothing is judged of it.
func watchedOnly(e *evidence.Run) []verdict.Check {
	if e.Ongoing {
		return nil
	}
	var told []string
	for _, r := range e.Config.Resources {
		of := readingsOf(e, r)
		if of == nil || r.Limited() && r.Applies(e.Result.Profile) {
			continue
		}
		value, name, ok := e.Watched(r, of).Figure(r, "p95")
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s %s", r.Name, unit.Quantity{Value: value, Unit: r.Unit})
		if name != "" {
			text += " (" + name + ")"
		}
		if own := ownShare(e, r); own != "" {
			text += ", and " + own
		}
		told = append(told, text)
	}
	if told == nil {
		return nil
	}
	return []verdict.Check{{Subject: "watched, not judged", Outcome: verdict.Pass,
		Shown: true, Reason: strings.Join(told, "; ")}}
}

// readingsOf is what the result has of a resource; nil: it was not watched.
func readingsOf(e *evidence.Run, r config.Resource) *result.Resource {
	at := slices.IndexFunc(e.Result.Resources, func(w result.Resource) bool { return w.Name == r.Name })
	if at < 0 {
		return nil
	}
	return &e.Result.Resources[at]
}

func resource(e *evidence.Run, r config.Resource) []verdict.Check {
	of := readingsOf(e, r)
	c := verdict.Check{Rule: r.Name, Pos: r.Pos, Subject: r.What(), Resource: true}
	if of == nil {
		c.Reason = "this result has no readings of it"
		c.Remedy = "judge it with the thresholds.yaml it was run with, or run it again"
		return []verdict.Check{c}
	}
	w := e.Watched(r, of)
	if w.Skipped != "" {
		return []verdict.Check{{Subject: "resource " + r.Name,
			Outcome: verdict.Pass, Shown: true, Reason: "left out: " + w.Skipped}}
	}
	var checks []verdict.Check
	if r.HasMax {
		checks = append(checks, ceiling(e, c, r, w))
	}
	if r.HasMin {
		checks = append(checks, bottom(e, c, r, w))
	}
	if r.NoGrowth {
		if grown, ok := growth(e, c, r, w); ok {
			checks = append(checks, grown)
		}
	}
	return checks
}

func ceiling(e *evidence.Run, c verdict.Check, r config.Resource, w evidence.Watched) verdict.Check {
	return bounded(e, c, r, w, bound{"p95", metric.Lower, r.Max,
		func(v, limit float64) bool { return v <= limit }, "above"})
}

func bottom(e *evidence.Run, c verdict.Check, r config.Resource, w evidence.Watched) verdict.Check {
	return bounded(e, c, r, w, bound{"p5", metric.Higher, r.Min,
		func(v, limit float64) bool { return v >= limit }, "below"})
}

// bound is one side of a limit.
type bound struct {
	usual  string // what is judged of a level where the file does not say
	better metric.Side
	limit  float64
	keeps  func(v, limit float64) bool
	bad    string // the side that is not kept
}

// bounded judges by value: readings of one gauge are too few and too alike for
// an interval. What could not be read is no pass, and no zero.
func bounded(e *evidence.Run, c verdict.Check, r config.Resource, w evidence.Watched, b bound) verdict.Check {
	quantity := func(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: r.Unit} }
	value, name, ok := w.Figure(r, b.usual)
	c.Metric, c.Limit, c.Readings = metric.OfReadings(name, r.Unit, b.better),
		verdict.Measured(quantity(b.limit)), len(w.Values)
	if ok {
		c.Got, c.Shown = verdict.Measured(quantity(value)), true
	}
	broken := ok && !b.keeps(value, b.limit)
	var unread string
	if n := len(w.Problems); n > 0 {
		unread = fmt.Sprintf("%d of %d looks failed, the first at %s: %s",
			n, w.Looks, e.Wall(w.Problems[0].At), w.Problems[0].Problem)
	}
	switch {
	case w.Looks == 0:
		c.Reason, c.Remedy = "it was not looked at in the time that counts", "run longer, or write a shorter every"
	case len(w.Values) == 0 && unread != "":
		c.Got, c.Shown, c.Reason, c.Remedy = verdict.Value{}, false,
			"not measured: "+unread, diagnose.UnreadRemedy(e, w)
	case w.Kind == metric.Ratio && w.Of <= 0:
		c.Got, c.Shown, c.Reason, c.Remedy = verdict.Value{}, false,
			"not measured: 0 of 0, its counters did not move under the load",
			"see whether the service really uses it, and counts there"
	// what was seen of events is enough to break a limit
	case len(w.Values) < evidence.FewestReadings && !(w.Kind == metric.Total && broken):
		c.Shown = false
		c.Reason = fmt.Sprintf("too few readings: %d, %d are needed", len(w.Values), evidence.FewestReadings)
		c.Remedy = fmt.Sprintf("write a shorter every (it is %s), or run longer", unit.Compact(w.Every))
	case broken && e.Blocks(r):
		c.Shown, c.Probed = false, true
		c.Reason = exceeded(e, w, value, b, quantity) + "; but reading it blocks the service, and that may be why"
		c.Remedy = longerEvery
	case broken:
		c.Outcome = verdict.Fail
		c.Reason = exceeded(e, w, value, b, quantity)
		c.Remedy = remedyOf(r)
	case w.Silent != nil:
		c.Shown = false
		c.Reason = fmt.Sprintf("not measured since %s: %s; before that %s",
			e.Wall(w.Silent.At), w.Silent.Problem, c.Got)
		c.Remedy = "look at what happened to it then; " + evidence.WhereOf(w)
	case float64(len(w.Problems)) > evidence.MostUnread*float64(w.Looks):
		c.Shown, c.Reason, c.Remedy = false, "half measured: "+unread, diagnose.UnreadRemedy(e, w)
	case w.Still(0) && claimed(r):
		c.Got, c.Shown = verdict.Value{}, false
		c.Reason = fmt.Sprintf("not measured: all %d readings were 0, as if the service never sets it", len(w.Values))
		c.Remedy = "see whether the service sets it, or watch where the figure is made"
	case r.HasWarn && !b.keeps(value, r.Warn):
		c.Outcome, c.Limit = verdict.Warn, verdict.Measured(quantity(r.Warn))
		c.Reason = fmt.Sprintf("%s the warning of %s; it fails at %s", b.bad, quantity(r.Warn), quantity(b.limit))
		c.Remedy = remedyOf(r)
	case unread != "":
		c.Outcome, c.Reason, c.Remedy = verdict.Warn, unread,
			"see whether it is read from a service that restarts, or with several workers"
		if diagnose.DownWith(e, w) {
			c.Remedy = diagnose.UnreadRemedy(e, w)
		}
	case w.Still(w.First()) && claimed(r):
		c.Outcome, c.Reason = verdict.Warn, fmt.Sprintf("it never moved: all %d readings are %s", len(w.Values), c.Got)
		c.Remedy = "see whether the service sets it, or watch where the figure is made"
	default:
		c.Outcome = verdict.Pass
	}
	if own := ownShare(e, r); own != "" && c.Reason == "" {
		c.Reason = own
	}
	return c
}

// claimed says whether the figure is what a service tells of itself, and not what
// was counted by whoever owns it.
func claimed(r config.Resource) bool {
	return r.Kind == metric.Level && slices.Contains([]string{"metrics", "prometheus", "json", "command"}, r.From)
}

// exceeded says when it was worst.
func exceeded(e *evidence.Run, w evidence.Watched, value float64,
	b bound, quantity func(float64) unit.Quantity) string {
	if w.Kind != metric.Level || len(w.Values) == 0 {
		return fmt.Sprintf("%s is %s the limit", quantity(value), b.bad)
	}
	over, worst := 0, 0
	for i, v := range w.Values {
		if !b.keeps(v, b.limit) {
			over++
		}
		if b.keeps(w.Values[worst], v) && w.Values[worst] != v {
			worst = i
		}
	}
	return fmt.Sprintf("%d of %d readings are %s the limit, the worst %s at %s",
		over, len(w.Values), b.bad, quantity(w.Values[worst]), e.Wall(w.At[worst]))
}

// ownShare is what the generator itself took of the processors that it may use,
// which may be fewer than the machine has.
func ownShare(e *evidence.Run, r config.Resource) string {
	if r.From != "host" || r.Read != "cpu" {
		return ""
	}
	sum, n := 0.0, 0
	for _, m := range e.Result.Timeline {
		if g := m.Generator; g != nil && g.CPU != nil && e.Window.Holds(m.Slot) {
			sum, n = sum+*g.CPU, n+1
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("the generator itself took %s of the processors that it may use", evidence.Share(sum/float64(n)))
}

// remedyOf is where to look.
func remedyOf(r config.Resource) string {
	switch {
	case strings.Contains(r.Read, "cpu") && r.From == "host":
		return "see which process takes it; run the generator on another machine if that is what it is"
	case strings.Contains(r.Read, "connections"):
		return "look for transactions that stay open and for slow queries; enlarge the pool only then"
	case strings.Contains(r.Read, "hit"):
		return "look at what is cached, for how long, and whether its keys repeat"
	case r.Read == "rss" || r.Read == "memory":
		return "look at what is kept: caches without a bound, sessions, buffers"
	}
	return "look at what uses it at that load"
}
