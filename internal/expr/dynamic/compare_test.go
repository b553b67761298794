package dynamic_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// Values of one kind have an order, and are equal exactly where it says 0.
func TestCompareAgreesWithEqual(t *testing.T) {
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, kind := range [][]any{ // each in rising order
		{-1, 0, json.Number("1"), 1.5, json.Number("2e0"), 12},
		{"", "a", "b"},
		{day, day.Add(time.Nanosecond)},
		{-time.Second, time.Duration(0), time.Hour},
	} {
		for i, a := range kind {
			for j, b := range kind {
				c, err := dynamic.Compare(a, b)
				if err != nil || c < 0 != (i < j) || c > 0 != (i > j) {
					t.Errorf("Compare(%v, %v) = %d, %v", a, b, c, err)
				}
				if got := dynamic.Equal(a, b); got != (i == j) {
					t.Errorf("Equal(%v, %v) = %v", a, b, got)
				}
			}
			if _, err := dynamic.Compare(a, nil); err == nil || dynamic.Equal(a, nil) {
				t.Errorf("%v compares with nil", a)
			}
		}
	}
}

// What is read from an answer is written as it was, and one value of it is the same whether
// it is read alone or after the whole.
func TestBody(t *testing.T) {
	const text = `{"a":[1,2.5,{"b":"é\n"}],"big":12345678901234567890,"none":null}`
	path := []any{"a", -1, "b"}
	alone, whole := dynamic.NewBody([]byte(text)), dynamic.NewBody([]byte(text))
	content := whole.Content()
	if got, err := dynamic.AppendJSON(nil, content); err != nil || string(got) != text {
		t.Errorf("written again: %s, %v", got, err)
	}
	if a, b := alone.At(path), whole.At(path); a != "é\n" || a != b {
		t.Errorf("At(%v) = %q alone, %q after the whole", path, a, b)
	}
	plain, empty := dynamic.NewBody([]byte("<html>")), dynamic.Body{}
	if plain.Content() != "<html>" || plain.At(path) != nil || empty.Content() != nil {
		t.Error("what is no JSON is a text without parts, and nothing is nil")
	}
}
