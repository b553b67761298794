package thresholds_test

import (
	"errors"
	"net/url"
	"os"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Whatever bytes come in, Decode does not panic; what it takes keeps what
// others rely on, and what it refuses has a message.
func FuzzDecode(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		names, err := os.ReadDir(corpus + "/" + folder)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			if text, err := os.ReadFile(corpus + "/" + folder + "/" + name.Name()); err == nil {
				f.Add(text)
			}
		}
	}
	f.Add([]byte("? [a]\n: b"))
	f.Add([]byte("{? {a: b} : c}"))
	f.Add([]byte("a: &a [*a]\nb: *a"))
	f.Add([]byte("<<: {[a]: b}"))
	files := os.DirFS(corpus + "/good")
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := thresholds.Decode(src, "f", thresholds.Options{Files: files})
		if err != nil {
			list, ok := errors.AsType[thresholds.Errors](err)
			if !ok || len(list) == 0 || s != nil {
				t.Fatalf("Decode() = %v, %T, want Errors alone", s, err)
			}
			for _, e := range list {
				if e.Message == "" || e.Pos.Line < 0 || e.Pos.Column < 0 {
					t.Errorf("mistake %+v has no message or place", e)
				}
			}
			return
		}
		invariants(t, s)
		if again, err := thresholds.Decode(src, "g", thresholds.Options{Files: files}); err != nil ||
			identity.Of(again) != identity.Of(s) {
			t.Errorf("Decode() again = %v, want the same digest", err)
		}
	})
}

func invariants(t *testing.T, s *config.Config) {
	t.Helper()
	if !allowed(s) || s.Target.Timeout <= 0 || s.Target.Connect <= 0 ||
		s.Target.Connect > s.Target.Timeout || s.Target.MaxBody <= 0 {
		t.Errorf("Target = %+v", s.Target)
	}
	if len(identity.Of(s)) != 32 || len(s.Profiles) == 0 || len(s.Groups) == 0 || len(s.Rules) == 0 {
		t.Errorf("Config = %+v, want profiles, groups and rules", s)
	}
	for _, p := range s.Profiles {
		loads := 0 // a profile has exactly one
		for _, has := range []bool{p.Users > 0 && p.SpawnRate > 0, p.Rate > 0, len(p.Stages) > 0} {
			if has {
				loads++
			}
		}
		if loads != 1 || p.Duration <= 0 || p.WarmUp < 0 || p.WarmUp >= p.Duration {
			t.Errorf("Profile = %+v", p)
		}
	}
	matched := map[string]bool{}
	for _, g := range s.Groups {
		if g.Weight <= 0 || g.Wait.Min < 0 || g.Wait.Max < g.Wait.Min || len(g.Steps) == 0 {
			t.Errorf("Group = %+v", g)
		}
		for _, step := range append(g.Start, g.Steps...) {
			if step.Endpoint == "" || step.Method == "" || step.Path == nil ||
				step.Times < 1 || step.Weight <= 0 || step.Timeout <= 0 {
				t.Errorf("Step = %+v", step)
			}
			for _, r := range s.Rules {
				matched[r.Name] = matched[r.Name] || r.Matches(step.Endpoint, step.Start)
			}
		}
	}
	for _, tr := range s.Transactions {
		if tr.Name == "" || tr.Times < 1 || tr.Weight <= 0 {
			t.Errorf("Transaction = %+v", tr)
		}
		for _, r := range s.Rules {
			matched[r.Name] = matched[r.Name] || r.MatchesTransaction(tr.Name)
		}
	}
	for _, r := range s.Rules {
		if len(r.Limits) == 0 && r.Policy == nil || !matched[r.Name] {
			t.Errorf("Rule %q has %d limits and matches an endpoint: %v", r.Name, len(r.Limits), matched[r.Name])
		}
	}
	for _, d := range s.Data {
		if len(d.Rows) == 0 {
			t.Errorf("Data %q has no rows", d.Name)
		}
	}
}

func allowed(s *config.Config) bool {
	list, err := target.NewAllowList(s.Target.Allow)
	if err != nil {
		return false
	}
	if socket, _, ok := target.SocketURL(s.Target.URL); ok {
		return list.Socket(socket)
	}
	u, err := url.Parse(s.Target.URL)
	return err == nil && list.Host(u.Hostname())
}
