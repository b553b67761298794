package config

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// bounds reads the limits.
func (b *builder) bounds(r *Resource, v *value) {
	limit := func(key string) (value float64, ok bool) {
		k := v.get(key)
		if k == nil {
			return 0, false
		}
		q := or(k, unit.Quantity{})
		if !unit.Alike(q.Unit, r.Unit) {
			written, _ := dimension(q.Unit)
			wanted, example := dimension(r.Unit)
			b.Add(k.pos, k.path, "%s is %s, and what is read here is %s; write %s%s",
				k.text, written, wanted, example, unitHint(*r, v))
			return 0, false
		}
		if key != "warn" {
			r.Unit, r.Pos = q.Unit, k.pos
		}
		return q.Value, true
	}
	r.Max, r.HasMax = limit("max")
	r.Min, r.HasMin = limit("min")
	r.Warn, r.HasWarn = limit("warn")
	warn := v.get("warn")
	switch {
	case r.HasMax && r.HasMin && r.Min >= r.Max:
		b.Add(v.get("min").pos, v.get("min").path, "nothing is at least %s and at most %s; write a min below max",
			v.get("min").text, v.get("max").text)
	case !r.HasWarn:
	case r.HasMax && r.HasMin:
		b.Add(warn.pos, warn.path, "min and max are both there, and warn can be of one alone; write two resources")
	case !r.HasMax && !r.HasMin:
		if !b.Under(v.path) {
			b.Add(warn.pos, warn.path, "stands alone; write a max above it, or a min below it")
		}
	case r.HasMax && r.Warn >= r.Max:
		b.Add(warn.pos, warn.path, "%s would never be heard before max at %s; write a lower one",
			warn.text, v.get("max").text)
	case r.HasMin && r.Warn <= r.Min:
		b.Add(warn.pos, warn.path, "%s would never be heard before min at %s; write a higher one",
			warn.text, v.get("min").text)
	}
}

// unitHint says what to write where numbers come without a unit.
func unitHint(r Resource, v *value) string {
	if v.get("unit") == nil && r.Kind == metric.Level &&
		slices.Contains([]string{"metrics", "prometheus", "command", "json"}, r.From) {
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

// scaled is a unit in which a source writes its numbers.
type scaled struct {
	name  string
	unit  unit.Unit
	scale float64
}

// scales lists them; the first is the default.
func scales() []scaled {
	return []scaled{
		{"count", unit.Count, 1}, {"percent", unit.Ratio, 0.01},
		{"ratio", unit.Ratio, 1}, {"bytes", unit.Bytes, 1}, {"kilobytes", unit.Bytes, 1024},
		{"seconds", unit.Duration, float64(time.Second)}, {"milliseconds", unit.Duration, float64(time.Millisecond)},
		{"per_second", unit.PerSecond, 1},
	}
}

func parseUnit(text string) (any, error) {
	for _, u := range scales() {
		if u.name == text {
			return u, nil
		}
	}
	return nil, fmt.Errorf("unknown unit %q", text)
}
