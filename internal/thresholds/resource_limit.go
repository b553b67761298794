package thresholds

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// bounds reads the limits.
func (b *builder) bounds(r *config.Resource, v *grammar.Value) {
	limit := func(key string) (value float64, ok bool) {
		k := v.Get(key)
		if k == nil {
			return 0, false
		}
		q := grammar.Or(k, unit.Quantity{})
		if !unit.Alike(q.Unit, r.Unit) {
			written, _ := dimension(q.Unit)
			wanted, example := dimension(r.Unit)
			b.Add(k.Pos, k.Path, "%s is %s, and what is read here is %s; write %s%s",
				k.Text, written, wanted, example, unitHint(*r, v))
			return 0, false
		}
		if key != "warn" {
			r.Unit, r.Pos = q.Unit, k.Pos
		}
		return q.Value, true
	}
	r.Max, r.HasMax = limit("max")
	r.Min, r.HasMin = limit("min")
	r.Warn, r.HasWarn = limit("warn")
	warn := v.Get("warn")
	if r.HasMin {
		b.low(r.Min, r.Unit, v.Get("min"))
		if r.HasWarn {
			b.low(r.Warn, r.Unit, warn)
		}
	}
	switch {
	case r.HasMax && r.HasMin && r.Min >= r.Max:
		b.Add(v.Get("min").Pos, v.Get("min").Path, "nothing is at least %s and at most %s; write a min below max",
			v.Get("min").Text, v.Get("max").Text)
	case !r.HasWarn:
	case r.HasMax && r.HasMin:
		b.Add(warn.Pos, warn.Path, "min and max are both there, and warn can be of one alone; write two resources")
	case !r.HasMax && !r.HasMin:
		if !b.Under(v.Path) {
			b.Add(warn.Pos, warn.Path, "stands alone; write a max above it, or a min below it")
		}
	case r.HasMax && r.Warn >= r.Max:
		b.Add(warn.Pos, warn.Path, "%s would never be heard before max at %s; write a lower one",
			warn.Text, v.Get("max").Text)
	case r.HasMin && r.Warn <= r.Min:
		b.Add(warn.Pos, warn.Path, "%s would never be heard before min at %s; write a higher one",
			warn.Text, v.Get("min").Text)
	}
}

// low warns of a floor below one in a hundred: nearly always it was meant as a part of one, and has a percent
// sign by mistake.
func (b *builder) low(share float64, u unit.Unit, written *grammar.Value) {
	if u == unit.Ratio && share > 0 && share < 0.01 {
		b.warn(written, "a floor of %s allows nearly everything; did you mean %s?", written.Text,
			unit.Quantity{Value: share * 100, Unit: unit.Ratio})
	}
}

// unitHint says what to write where numbers come without a unit.
func unitHint(r config.Resource, v *grammar.Value) string {
	if v.Get("unit") == nil && r.Kind == metric.Level && r.From.Free() {
		return ", or say with unit what its numbers are"
	}
	return ""
}

// dimension is what a unit is called, and an amount in it.
func dimension(u unit.Unit) (words, example string) {
	switch u {
	case unit.Ratio:
		return "a share", "70%"
	case unit.Bytes:
		return "a size", "512MiB"
	case unit.Duration:
		return "a duration", "250ms"
	case unit.Count:
		return "a count", "100"
	}
	return "a rate", "10/s"
}
