package walk

import (
	"github.com/grafana/sobek/ast"
)

// sleep notes a wait, in seconds.
func (w *walk) sleep(e ast.Expression, v value) {
	wait, ok := waitOf(v)
	if !ok {
		w.lookAt(e, "the script sleeps for a time that init does not read")
		return
	}
	if !w.tires() {
		w.items = append(w.items, Item{Wait: &Range{wait.low, wait.width}})
	}
}

// waitOf is a time that is slept, as a range.
func waitOf(v value) (random, bool) {
	switch v := v.(type) {
	case float64:
		return random{low: v}, v >= 0 && v < 86400
	case random:
		return v, v.low >= 0 && v.width >= 0 && v.low+v.width < 86400
	case whole:
		return random{low: float64(v.low), width: float64(v.high - v.low)}, v.low >= 0 && v.high < 86400
	case drawn:
		var all []float64
		for _, one := range v.from {
			f, ok := one.(float64)
			if !ok || f < 0 || f >= 86400 {
				return random{}, false
			}
			all = append(all, f)
		}
		if len(all) == 0 {
			return random{}, false
		}
		low, high := all[0], all[0]
		for _, f := range all {
			low, high = min(low, f), max(high, f)
		}
		return random{low: low, width: high - low}, true
	}
	return random{}, false
}
