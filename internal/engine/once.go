package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// Values are what setup steps captured, by name. Nobody changes them. The zero value has none.
type Values struct {
	All    map[string]any
	Secret []string // names whose values are not shown, because a secret step captured them
}

// encodedValues are Values as JSON.
type encodedValues struct {
	All    json.RawMessage `json:"all"`
	Secret []string        `json:"secret,omitempty"`
}

// Encode writes the values for another machine.
func (v Values) Encode() ([]byte, error) {
	all, err := expr.AppendValues(nil, v.All)
	if err != nil {
		return nil, fmt.Errorf("send what setup captured: %w", err)
	}
	return json.Marshal(encodedValues{all, v.Secret})
}

// DecodeValues reads what Encode wrote.
func DecodeValues(text []byte) (v Values, err error) {
	var of encodedValues
	if err = json.Unmarshal(text, &of); err == nil {
		v.All, err = expr.ReadValues(of.All)
	}
	v.Secret = of.Secret
	if err != nil {
		return Values{}, fmt.Errorf("read what setup captured: %w", err)
	}
	return v, nil
}

// hidden are the secret values as texts.
func (v Values) hidden() (texts []string) {
	for _, name := range v.Secret {
		texts = appendTexts(texts, v.All[name])
	}
	return texts
}

// appendTexts appends the texts and numbers in a value, however deep in it: those of an object are shown one by one.
func appendTexts(dst []string, value any) []string {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Invalid, reflect.Bool:
		return dst
	case reflect.Slice:
		for i := range v.Len() {
			dst = appendTexts(dst, v.Index(i).Interface())
		}
		return dst
	case reflect.Map:
		for _, one := range v.Seq2() {
			dst = appendTexts(dst, one.Interface())
		}
		return dst
	}
	return append(dst, fmt.Sprint(value))
}

// SetUp sends the setup steps of a plan, one after the other, each again as its retry says. It ends at the first that
// fails, which is the last of the attempts; Values are those captured so far. Of a drafted file only GET and HEAD are
// sent, here and in TearDown.
func (e *Engine) SetUp(ctx context.Context, p *plan.Plan) ([]Attempt, Values) {
	return e.once(ctx, p, plan.SetupUser(p), true)
}

// TearDown sends the teardown steps, each whatever became of the others. One that reads a value which setup did not
// capture is not sent: there is nothing that it could remove.
func (e *Engine) TearDown(ctx context.Context, p *plan.Plan) []Attempt {
	attempts, _ := e.once(ctx, p, plan.TeardownUser(p), false)
	return attempts
}

// once sends the steps of a user beside the run.
func (e *Engine) once(ctx context.Context, p *plan.Plan, u plan.User, stops bool) (attempts []Attempt, v Values) {
	steps := map[*plan.Step]*step{}
	prepareGroup(steps, p, u.Group)
	l := &load{Engine: e, plan: p, steps: steps, start: time.Now(),
		recorder: measure.NewRecorder(len(u.Group.Steps), 1)}
	w := newVirtualUser(l, u)
	defer w.doer.Close()
	v.All = map[string]any{}
	for i := range u.Group.Steps {
		s := &u.Group.Steps[i]
		if ctx.Err() != nil {
			break
		}
		failed, before := false, len(attempts)
		w.forEach(s, func() bool {
			if len(attempts) > before && ctx.Err() != nil {
				attempts[len(attempts)-1].Left++
				return true
			}
			a := w.try(ctx, s)
			attempts = append(attempts, a)
			failed = stops && a.Failure != metric.OK
			return !failed
		})
		if len(attempts) == before {
			attempts = append(attempts, emptyAttempt(w.Group, s))
		}
		if failed {
			break
		}
	}
	for _, s := range u.Group.Steps {
		for _, c := range s.Capture {
			if value, ok := w.env.Get(c.Name); ok {
				v.All[c.Name] = value
			}
		}
	}
	v.Secret = slices.Sorted(slices.Values(w.private))
	return attempts, v
}

// setUp shows a user what setup captured.
func (w *virtualUser) setUp(v Values) {
	if v.All != nil {
		w.env.Set(config.SetupName, v.All)
	}
}
