package probe

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/safetext"
)

func openJSON(p config.Probe, w *World) (Probe, error) {
	return onPage(p, w, func(_ time.Time, answer Answer) (Value, error) {
		number, err := numberIn(answer, p)
		return Value{Number: number}, err
	}), w.reach(p.URL)
}

// numberIn evaluates the probe's expression over an answer.
func numberIn(answer Answer, p config.Probe) (float64, error) {
	env := expr.NewEnv(rand.New(rand.NewPCG(0, 0)), time.Now, 0, 1)
	env.SetResponse(answer.Status, answer.Header, answer.Body)
	value, err := p.Value.Eval(env)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", p.Value, err)
	}
	switch n := value.(type) {
	case int:
		return float64(n) * p.Scale, nil
	case int64:
		return float64(n) * p.Scale, nil
	case float64:
		return finite(n*p.Scale, p.Value.String())
	case json.Number:
		if f, err := n.Float64(); err == nil {
			return f * p.Scale, nil
		}
	case nil:
		return 0, without(p.Value.String(), answer.Body)
	}
	return 0, fmt.Errorf("%s gives %s, which is not a number", p.Value, safetext.Quoted(fmt.Sprint(value), 60))
}

// finite refuses what is not a number.
func finite(number float64, from string) (float64, error) {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return 0, absent("%s is %v, which is not a number", safetext.Quoted(from, 60), number)
	}
	return number, nil
}
