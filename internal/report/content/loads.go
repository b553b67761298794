package content

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// LoadTexts says what each of several loads is asked to make, and when; nil: there is one load.
func LoadTexts(p result.Planned, rates unit.Unit) (texts []string) {
	for _, l := range p.Loads {
		own := l.Planned
		text := fmt.Sprintf("%s from %s to %s", Load(own, rates), Length(own.Start), Length(own.Duration))
		if own.WarmUp > own.Start {
			text += ", measured from " + Length(own.WarmUp)
		}
		texts = append(texts, text)
	}
	return texts
}

// addLoads adds the loads of a run with several behind the fact of its load.
func (v *View) addLoads() {
	at := 1 + slices.IndexFunc(v.Facts, func(f Fact) bool { return f.Label == "load" })
	for _, text := range LoadTexts(v.Run.Planned, v.Rates) {
		v.Facts = slices.Insert(v.Facts, at, Fact{"", text})
		at++
	}
}

// counted says which slots of a load count, and when.
type counted struct {
	estimate.Slots
	measured, whole result.Window
}

// countedOf is that of each load, by its name; "": of the only one.
func countedOf(r *result.Result) map[string]counted {
	of := func(r *result.Result) counted { return counted{estimate.SlotsOf(r), r.Measured(), r.Whole()} }
	if len(r.Planned.Loads) == 0 {
		return map[string]counted{"": of(r)}
	}
	all := map[string]counted{}
	for i, l := range r.Planned.Loads {
		all[l.Planned.Load] = of(r.Alone(i))
	}
	return all
}
