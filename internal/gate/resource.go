package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
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
				Because: reason.ForeignNoResources.With(reason.Args{"tool": e.Result.Source.Tool}),
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
	var figures []reason.Reason
	for _, r := range e.Config.Resources {
		of := readingsOf(e, r)
		if of == nil || r.Limited() && r.Applies(e.Result.Profile) {
			continue
		}
		value, name, ok := e.Watched(r, of).Figure(r, "p95")
		if !ok {
			continue
		}
		args := reason.Args{"resource": r.Name, "value": unit.Quantity{Value: value, Unit: r.Unit}}
		if name != "" {
			args["figure"] = name
		}
		if own := ownShare(e, r); own.Given() {
			args["generator"] = own
		}
		figures = append(figures, reason.ResourceFigure.With(args))
	}
	if figures == nil {
		return nil
	}
	return []verdict.Check{{Subject: "watched, not judged", Outcome: verdict.Pass,
		Shown: true, Because: reason.ResourcesWatched.With(reason.Args{"resources": figures})}}
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
		c.Because = reason.ResourceUnread.Plain()
		return []verdict.Check{c}
	}
	w := e.Watched(r, of)
	if w.Skipped != "" {
		return []verdict.Check{{Subject: "resource " + r.Name,
			Outcome: verdict.Pass, Shown: true, Because: reason.ResourceSkipped.With(reason.Args{"why": w.Skipped})}}
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
	var looks reason.Args // of looks that failed; nil: none did
	if n := len(w.Problems); n > 0 {
		first := w.Problems[0]
		looks = reason.Args{"looks": reason.LooksFailed.With(reason.Args{
			"failed": n, "looks": w.Looks, "at": e.Wall(first.At), "problem": first.Problem,
		})}
	}
	readings := reason.Args{"readings": len(w.Values), "value": c.Got.Quantity}
	switch {
	case w.Looks == 0:
		c.Because = reason.ResourceUnlooked.Plain()
	case len(w.Values) == 0 && looks != nil:
		c.Got, c.Shown = verdict.Value{}, false
		c.Because, c.Remedies = reason.ResourceUnmeasured.With(looks), diagnose.UnreadRemedy(e, w)
	case w.Kind == metric.Ratio && w.Of <= 0:
		c.Got, c.Shown, c.Because = verdict.Value{}, false, reason.ResourceUncounted.Plain()
	// what was seen of events is enough to break a limit
	case len(w.Values) < evidence.FewestReadings && !(w.Kind == metric.Total && broken):
		c.Shown = false
		c.Because = reason.ResourceFewReadings.With(reason.Args{
			"readings": len(w.Values), "needed": evidence.FewestReadings, "every": w.Every,
		})
	case broken && e.Blocks(r):
		c.Shown, c.Probed = false, true
		c.Because = reason.ResourceProbe.With(reason.Args{"broken": exceeded(e, w, value, b, quantity)})
	case broken:
		c.Outcome = verdict.Fail
		c.Because, c.Remedies = exceeded(e, w, value, b, quantity), []reason.Reason{r.Advice().Plain()}
	case w.Silent != nil:
		c.Shown = false
		c.Because = reason.ResourceSilent.With(reason.Args{
			"since": e.Wall(w.Silent.At), "problem": w.Silent.Problem, "value": c.Got.Quantity,
		})
		c.Remedies = []reason.Reason{reason.SeeWhatHappened.With(reason.Args{"place": evidence.PlaceOf(w)})}
	case float64(len(w.Problems)) > evidence.MostUnread*float64(w.Looks):
		c.Shown, c.Because, c.Remedies = false, reason.ResourceHalfRead.With(looks), diagnose.UnreadRemedy(e, w)
	case w.Still(0) && claimed(r):
		c.Got, c.Shown, c.Because = verdict.Value{}, false, reason.ResourceAlwaysZero.With(readings)
	case r.HasWarn && !b.keeps(value, r.Warn):
		c.Outcome, c.Limit = verdict.Warn, verdict.Measured(quantity(r.Warn))
		c.Because = reason.ResourceWarning.With(reason.Args{
			"side": b.bad, "warning": quantity(r.Warn), "limit": quantity(b.limit),
		})
		c.Remedies = []reason.Reason{r.Advice().Plain()}
	case looks != nil:
		c.Outcome, c.Because = verdict.Warn, reason.ResourceLooksFailed.With(looks)
		c.Remedies = []reason.Reason{reason.SeeUnstable.Plain()}
		if diagnose.DownWith(e, w) {
			c.Remedies = diagnose.UnreadRemedy(e, w)
		}
	case w.Still(w.First()) && claimed(r):
		c.Outcome, c.Because = verdict.Warn, reason.ResourceNeverMoved.With(readings)
	default:
		c.Outcome = verdict.Pass
	}
	if !c.Because.Given() {
		c.Because = ownShare(e, r)
	}
	return c
}

// claimed says whether the figure is what a service tells of itself, and not what
// was counted by whoever owns it.
func claimed(r config.Resource) bool {
	return r.Kind == metric.Level && r.From.Free()
}

// exceeded says when it was worst.
func exceeded(e *evidence.Run, w evidence.Watched, value float64,
	b bound, quantity func(float64) unit.Quantity) reason.Reason {
	if w.Kind != metric.Level || len(w.Values) == 0 {
		return reason.ResourceTotalBroken.With(reason.Args{"value": quantity(value), "side": b.bad})
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
	return reason.ResourceBroken.With(reason.Args{
		"beyond": over, "readings": len(w.Values), "side": b.bad, "worst": quantity(w.Values[worst]),
		"at": e.Wall(w.At[worst]),
	})
}

// ownShare is what the generator itself took of the processors that it may use,
// which may be fewer than the machine has; the zero value where that is not asked, or not known.
func ownShare(e *evidence.Run, r config.Resource) reason.Reason {
	if r.From != metric.FromHost || r.Read != "cpu" {
		return reason.Reason{}
	}
	sum, n := 0.0, 0
	for _, m := range e.Result.Timeline {
		if g := m.Generator; g != nil && g.CPU != nil && e.Window.Holds(m.Slot) {
			sum, n = sum+*g.CPU, n+1
		}
	}
	if n == 0 {
		return reason.Reason{}
	}
	return reason.GeneratorShare.With(reason.Args{"share": evidence.Share(sum / float64(n))})
}
