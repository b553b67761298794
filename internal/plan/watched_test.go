package plan_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Where a gauge is read stands in the document without what is secret in it.
func TestPlacesKeepSecrets(t *testing.T) {
	s, err := thresholds.Decode([]byte(`version: 1
env: [TOKEN]
secret: [TOKEN]
target: {url: "http://localhost:8000"}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 10s}}
users: {g: {wait: 1s, steps: [GET /]}}
thresholds: {a: {endpoints: "*", p95: 1s}}
resources:
  page: {from: metrics, url: 'http://localhost:9000/${ env("TOKEN") }/metrics?key=${ env("TOKEN") }', gauge: used}
  database: {from: postgres, dsn: 'postgres://me:${ env("TOKEN") }@localhost/app'}
`), "thresholds.yaml", thresholds.Options{Getenv: func(string) (string, bool) { return "hunter22", true }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"http://localhost:9000/***/metrics", "postgres://localhost/app"} {
		if got := p.Result("test", time.Unix(0, 0)).Resources[i].Place; got != want {
			t.Errorf("Place = %q, want %q", got, want)
		}
	}
}
