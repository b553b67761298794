package gate_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// place is where a document can be changed.
type place struct {
	of  any // map[string]any, or []any
	key string
	at  int
}

func (p place) get() any {
	if m, ok := p.of.(map[string]any); ok {
		return m[p.key]
	}
	return p.of.([]any)[p.at]
}

func (p place) set(v any) {
	if m, ok := p.of.(map[string]any); ok {
		m[p.key] = v
	} else {
		p.of.([]any)[p.at] = v
	}
}

// places are all of a document, in order: the keys of an object by name.
func places(of any) (all []place) {
	switch of := of.(type) {
	case map[string]any:
		var keys []string
		for key := range of {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			all = append(append(all, place{of: of, key: key}), places(of[key])...)
		}
	case []any:
		for i := range of {
			all = append(append(all, place{of: of, at: i}), places(of[i])...)
		}
	}
	return all
}

// spoiled is what may stand in the place of a value.
func spoiled(t *rapid.T, v any) any {
	switch v := v.(type) {
	case json.Number:
		return rapid.SampledFrom([]json.Number{"0", "-1", "1", "2", "1000", "1000000000", "1125899906842624",
			"1152921504606846976", "9223372036854775807", "0.5", "1e300"}).Draw(t, "number")
	case []any:
		return rapid.SampledFrom([]any{nil, []any{}, v[:len(v)/2], v[len(v)/2:], slices.Concat(v, v)}).Draw(t, "list")
	case map[string]any:
		return rapid.SampledFrom([]any{nil, map[string]any{}}).Draw(t, "object")
	case string:
		return rapid.SampledFrom([]any{"", "?", nil}).Draw(t, "text")
	}
	return nil
}

// Whatever Decode takes can be judged, and kept as an earlier run: a document may
// have been edited, cut, or made by another program. What it lacks never makes it pass.
func TestWhatDecodesCanBeJudged(t *testing.T) { rapid.Check(t, spoiledDocuments(t)) }

// The same, led by coverage.
func FuzzWhatDecodesCanBeJudged(f *testing.F) { f.Fuzz(rapid.MakeFuzz(spoiledDocuments(f))) }

func spoiledDocuments(t testing.TB) func(*rapid.T) {
	s := recordedFile(t)
	var originals []string
	for _, name := range []string{"aa1", "fm-redis"} {
		var original strings.Builder
		if err := recorded(t, name).Encode(&original); err != nil {
			t.Fatal(err)
		}
		originals = append(originals, original.String())
	}
	return func(rt *rapid.T) {
		reader := json.NewDecoder(
			strings.NewReader(originals[rapid.IntRange(0, len(originals)-1).Draw(rt, "document")]))
		reader.UseNumber()
		var document map[string]any
		if err := reader.Decode(&document); err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 3).Draw(rt, "changes") {
			all := places(document)
			p := all[rapid.IntRange(0, len(all)-1).Draw(rt, "place")]
			p.set(spoiled(rt, p.get()))
		}
		text, err := json.Marshal(document)
		if err != nil {
			rt.Fatal(err)
		}
		r, err := result.Decode(bytes.NewReader(text), "spoiled")
		if err != nil {
			return
		}
		v := gate.Judge(evidence.Input{Result: r, Config: s})
		regress.Distill(r, v)
		if v.Outcome() == verdict.Pass && (r.Planned.Duration <= 0 || r.Elapsed+r.Slot < r.Planned.Duration ||
			len(r.Timeline) == 0 || r.End != result.Complete) {
			rt.Errorf("passed after %s of %s, ended %s, with %d moments",
				r.Elapsed, r.Planned.Duration, r.End, len(r.Timeline))
		}
	}
}
