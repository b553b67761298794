package gate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// byGroups is a run whose endpoints are sent by these groups, each with rows of its own.
func byGroups(t *testing.T, groups map[string]*run) *result.Result {
	t.Helper()
	var whole *result.Result
	for _, name := range []string{"student", "tutor", "admin"} {
		r := groups[name]
		if r == nil {
			continue
		}
		one := r.result(t)
		if whole == nil {
			copied := *one
			copied.Endpoints = nil
			whole = &copied
		}
		for _, e := range one.Endpoints {
			e.Place.Users = name
			whole.Endpoints = append(whole.Endpoints, e)
		}
	}
	if err := whole.Check(); err != nil {
		t.Fatal(err)
	}
	return whole
}

// A rule about some groups is judged by what they send, pooled, and every other rule by what all send, as if no rule
// told groups apart.
func TestJudgeUsers(t *testing.T) {
	student, tutor, admin := newRun(100), newRun(100), newRun(100)
	student.steady("GET /a", 3000, 10*time.Millisecond, 30*time.Millisecond)
	tutor.steady("GET /a", 1000, 100*time.Millisecond, 300*time.Millisecond)
	admin.steady("GET /a", 1000, 20*time.Millisecond, 40*time.Millisecond)
	admin.steady("GET /b", 1000, 20*time.Millisecond, 40*time.Millisecond)
	apart := byGroups(t, map[string]*run{"student": student, "tutor": tutor, "admin": admin})
	together := newRun(100)
	together.steady("GET /a", 3000, 10*time.Millisecond, 30*time.Millisecond)
	together.steady("GET /a", 1000, 100*time.Millisecond, 300*time.Millisecond)
	together.steady("GET /a", 1000, 20*time.Millisecond, 40*time.Millisecond)
	together.steady("GET /b", 1000, 20*time.Millisecond, 40*time.Millisecond)

	s := file(limit(t, "p95", ms(290)), limit(t, "success", 0.99))
	s.Groups = []config.Group{{Name: "student"}, {Name: "tutor"}, {Name: "admin"}}
	about := func(name string, most float64, users ...string) config.Rule {
		return config.Rule{Name: name, Patterns: []string{"GET /a"}, Users: users,
			Limits: []config.Limit{limit(t, "p95", ms(most))}}
	}
	want := ofRules(judge(t, together, s).Checks, "")
	s.Rules = append(s.Rules, about("quick", 50, "student"), about("slow", 200, "tutor"),
		about("both", 50, "student", "admin"))
	v := judgeOf(t, apart, s)
	got := ofRules(v.Checks, "")
	if d := cmp.Diff(want, got[:len(want)]); d != "" {
		t.Errorf("rules about all (-together +apart):\n%s", d)
	}
	for _, row := range []struct {
		subject string
		want    verdict.Outcome
		of      int64
	}{
		{"GET /a (student)", verdict.Pass, 3000}, {"GET /a (tutor)", verdict.Fail, 1000},
		{"GET /a (student, admin)", verdict.Pass, 4000},
	} {
		if c := find(t, v, row.subject, metric.P95); c.Outcome != row.want || c.Requests != row.of {
			t.Errorf("%s: %v of %d requests, want %v of %d", row.subject, c.Outcome, c.Requests, row.want, row.of)
		}
	}
}

// A result that does not tell groups apart is no pass of a rule about one.
func TestUsersNotToldApart(t *testing.T) {
	r := newRun(100)
	r.steady("GET /a", 3000, 10*time.Millisecond, 30*time.Millisecond)
	s := file(limit(t, "p95", ms(290)))
	s.Groups = []config.Group{{Name: "student"}, {Name: "tutor"}}
	s.Rules[0].Users = []string{"student"}
	v := judge(t, r, s)
	if v.Outcome() != verdict.Inconclusive || !slices.ContainsFunc(v.Checks, func(c verdict.Check) bool {
		return c.Rule == "all" && c.Outcome == verdict.Inconclusive
	}) {
		t.Errorf("%v, want inconclusive%s", v.Outcome(), list(v))
	}
}
