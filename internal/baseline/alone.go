package baseline

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// OneLoad is one of several loads of a run.
type OneLoad struct {
	Name string `json:"name"`
	Load Load   `json:"load,omitzero"`
}

// Alone is what the run has of one of its loads, as if it had nothing else. Without a load of that name it has no
// figures.
func (r Run) Alone(name string) Run {
	own := r
	own.Load, own.Loads, own.Figures = Load{}, nil, nil
	for _, l := range r.Loads {
		if l.Name == name && l.Load.known() {
			own.Load, own.Digest = l.Load, fmt.Sprint(l) // the other loads may differ
		}
	}
	label := metric.Place{Load: name}.Label("")
	for _, f := range r.Figures {
		if bare, ok := strings.CutSuffix(f.Endpoint, label); ok {
			f.Endpoint = bare
			own.Figures = append(own.Figures, f)
		}
	}
	return own
}

// Alone is the past of one of several loads. It may be nil.
func (p *Past) Alone(name string) *Past {
	if p == nil {
		return nil
	}
	own := *p
	own.run, own.Runs = p.run.Alone(name), nil
	for _, r := range p.Runs {
		own.Runs = append(own.Runs, r.Alone(name))
	}
	return &own
}

// loadsOf are the loads of a result with several; nil: it has one.
func loadsOf(r *result.Result) (loads []OneLoad) {
	for i, l := range r.Planned.Loads {
		loads = append(loads, OneLoad{Name: l.Planned.Load, Load: loadOf(r.Alone(i))})
	}
	return loads
}

// overlap says whether some load of both runs has something in common.
func overlap(a, b Run) bool {
	if len(a.Loads) == 0 && len(b.Loads) == 0 {
		return a.overlaps(b)
	}
	for _, l := range a.Loads {
		if a.Alone(l.Name).overlaps(b.Alone(l.Name)) {
			return true
		}
	}
	return false
}
