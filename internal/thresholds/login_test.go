package thresholds_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const loggingIn = `version: 1
target: {url: "http://localhost:8000"}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 1m}}
logins:
  ops: [{request: POST /login, json: {user: '${ name }'}, capture: {token: body.token}}]
users:
  reader: {wait: 1s, vars: {name: ada}, headers: {Authorization: 'Bearer ${ token }'}, start: ops, steps: [GET /items]}
  writer: {wait: 1s, vars: {name: '${ "w" + str(int(1, 9)) }'}, start: ops, steps: [{request: POST /items, when: token != nil}]}
thresholds: {all: {endpoints: "*", p95: 1s}}
`

// A login is as if it were written out in each group: the same load, with each
// group's own vars and captures.
func TestLoginIsAsIfWrittenOut(t *testing.T) {
	const steps = `[{request: POST /login, json: {user: '${ name }'}, capture: {token: body.token}}]`
	src := strings.Replace(loggingIn, "str(int(1, 9))", `"9"`, 1)
	shared := decode(t, src, thresholds.Options{})
	out := strings.ReplaceAll(src, "start: ops", "start: "+steps)
	out = strings.Replace(out, "logins:\n  ops: "+steps+"\n", "", 1)
	if strings.Contains(out, "ops") {
		t.Fatal(out)
	}
	written := decode(t, out, thresholds.Options{})
	if identity.Of(shared) != identity.Of(written) {
		t.Error("a login changes the load that it is written for")
	}
	names := func(s *config.Config) (all []string) {
		for _, g := range s.Groups {
			for _, step := range g.Start {
				all = append(all, g.Name+": "+step.Endpoint)
			}
		}
		return all
	}
	want := []string{"reader: POST /login", "writer: POST /login"}
	if d := gocmp.Diff(want, names(shared)); d != "" {
		t.Errorf("start steps (-want +got):\n%s", d)
	}
}
