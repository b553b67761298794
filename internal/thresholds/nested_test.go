package thresholds_test

import (
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// A number of a data row is a number at any depth: in a path, in a text, in a sum
// and alone.
func TestNumbersInsideRows(t *testing.T) {
	files := fstest.MapFS{"baskets.json": {Data: []byte(
		`[{"id": 3, "lines": [{"sku": 815, "price": 1.5}], "to": {"zip": 20095, "far": {"no": ` +
			`12345678901234567890}}}]`)}}
	s, err := thresholds.Decode([]byte(`version: 1
target: {url: 'http://localhost:1'}
data: {b: {file: baskets.json, pick: next}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users:
  g:
    wait: 1s
    steps:
      - request: 'POST /${ b.id }/${ b.lines[0].sku }/${ b.to.zip }/${ b.to.far.no }?price=${ b.lines[0].price }'
        name: basket
        json: {text: 'sku ${ b.lines[0].sku }', sku: '${ b.lines[0].sku }', next: '${ b.to.zip + 1 }', all: '${ b.lines }', is: '${ b.to.zip == 20095 }'}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", thresholds.Options{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	env := expr.NewEnv(rand.New(rand.NewPCG(1, 2)), time.Now, 0, 1)
	env.Set("b", s.Data[0].Rows[0])
	step := s.Groups[0].Steps[0]
	path, err := step.Path.AppendURL(nil, env)
	if want := "/3/815/20095/12345678901234567890?price=1.5"; string(path) != want || err != nil {
		t.Errorf("path = %q, %v; want %q", path, err, want)
	}
	body, err := step.Body.JSON.AppendJSON(nil, env)
	if want := `{"text":"sku 815","sku":815,"next":20096,"all":[{"price":1.5,"sku":815}],"is":true}`; string(
		body) != want || err != nil {
		t.Errorf("body = %s, %v; want %s", body, err, want)
	}
}
