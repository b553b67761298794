package config_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const grouped = `version: 1
target: {url: "http://localhost:8000"}
profiles:
  all: {users: 10, spawn_rate: 10/s, duration: 1m}
  some: {users: 10, spawn_rate: 10/s, duration: 1m, groups: GROUPS}
users:
  reader:
    wait: 1s
    start: [POST /login]
    steps: [GET /items, {transaction: look, steps: [GET /a, GET /b]}]
  writer: {weight: 3, wait: 1s, steps: [GET /items, POST /items, {transaction: buy, steps: [POST /cart, POST /pay]}]}
thresholds:
  both: {endpoints: [GET *, POST /items], except: {endpoint: POST /items, reason: slow}, p95: 1s}
  writes: {endpoints: [POST /items, POST /pay], PROFILES p95: 1s}
  logins: {endpoints: POST /login, p95: 1s}
  whole: {endpoints: [look, buy], p95: 1s}
baseline: {last: 5, except: {endpoint: POST /pay, reason: a random bank}}
`

func withGroups(groups, profiles string) string {
	return strings.NewReplacer("GROUPS", groups, "PROFILES ", profiles).Replace(grouped)
}

func decode(t *testing.T, text string, o thresholds.Options) *config.Config {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What only a group sends leaves with it: transactions, rules, patterns and exceptions.
func TestNarrowed(t *testing.T) {
	s := decode(t, withGroups("[reader]", ""), thresholds.Options{})
	type left struct {
		Groups, Transactions, Rules, Unasked, LeftOut []string
		Patterns                                      map[string][]string
		Exceptions                                    int
	}
	of := func(s *config.Config) left {
		l := left{Unasked: s.Unasked, LeftOut: s.LeftOut, Patterns: map[string][]string{}}
		for _, g := range s.Groups {
			l.Groups = append(l.Groups, g.Name)
		}
		for _, tr := range s.Transactions {
			l.Transactions = append(l.Transactions, tr.Name)
		}
		for _, r := range s.Rules {
			l.Rules, l.Patterns[r.Name] = append(l.Rules, r.Name), r.Patterns
			l.Exceptions += len(r.Except)
		}
		l.Exceptions += len(s.Baseline.Except)
		return l
	}
	whole := of(s)
	reader := left{
		[]string{"reader"}, []string{"look"}, []string{"both", "logins", "whole"}, []string{"writes"},
		[]string{"writer"},
		map[string][]string{"both": {"GET *"}, "logins": {"POST /login"}, "whole": {"look"}}, 0,
	}
	writer := left{
		[]string{"writer"}, []string{"buy"}, []string{"both", "writes", "whole"}, []string{"logins"},
		[]string{"reader"},
		map[string][]string{"both": {"GET *", "POST /items"}, "writes": {"POST /items", "POST /pay"},
			"whole": {"buy"}}, 2,
	}
	for name, row := range map[string]struct {
		got  *config.Config
		want left
	}{
		"by a profile": {s.Narrowed(s.Profiles[1].Groups), reader},
		"without":      {s.Without([]string{"writer"}), reader},
		"once more":    {s.Without([]string{"writer"}).Without([]string{"writer"}), reader},
		"the other":    {s.Without([]string{"reader", "nobody"}), writer},
		"all":          {s.Without(nil), whole},
	} {
		if d := gocmp.Diff(row.want, of(row.got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	if d := gocmp.Diff(whole, of(s)); d != "" {
		t.Errorf("the file itself changed (-want +got):\n%s", d)
	}
}

// A rule that matches nothing in the whole file is a mistake somewhere, and no choice of the load.
func TestNarrowedKeepsWhatNobodySends(t *testing.T) {
	src := strings.Replace(withGroups("[reader]", ""), "  writes:",
		"  gone: {endpoints: GET /gone, p95: 1s}\n  writes:", 1)
	_, users, _ := strings.Cut(src, "users:\n")
	_, limits, _ := strings.Cut(users, "thresholds:")
	s := decode(t, "version: 1\nthresholds:"+limits, thresholds.Options{LimitsOnly: true})
	s.Groups = decode(t, withGroups("[reader]", ""), thresholds.Options{}).Groups
	if n := s.Without([]string{"writer"}); len(n.Rules) != 4 || len(n.Unasked) != 1 {
		t.Errorf("%d rules are left, and %v are not asked", len(n.Rules), n.Unasked)
	}
}

func TestWeightsOfAProfile(t *testing.T) {
	for groups, want := range map[string][]float64{
		"{reader: 2, writer: 0.5}": {2, 0.5}, "[reader, writer]": {1, 3}, "{writer: 7}": {7},
	} {
		s := decode(t, strings.Replace(withGroups(groups, ""), "  logins: {endpoints: POST /login, p95: 1s}\n", "", 1),
			thresholds.Options{})
		var got []float64
		for _, g := range s.Narrowed(s.Profiles[1].Groups).Groups {
			got = append(got, g.Weight)
		}
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", groups, d)
		}
	}
}

func TestMistakesInGroupsOfAProfile(t *testing.T) {
	for _, row := range []struct{ groups, profiles, want string }{
		{"[reader, raeder]", "", `5:70: profiles.some.groups[1]: there is no group "raeder"; did you mean reader?`},
		{"{raeder: 1}", "", `5:62: profiles.some.groups.raeder: there is no group "raeder"; did you mean reader?`},
		{"[reader, reader]", "", "5:70: profiles.some.groups[1]: reader is here twice; write it once, or give " +
			"it a weight: groups: {reader: 2}"},
		{"{reader: 0}", "", "5:70: profiles.some.groups.reader: 0 is "},
		{"[]", "", "5:61: profiles.some.groups: is empty"},
		{"[reader]", "profiles: some, ", "14:59: thresholds.writes.profiles: the groups of profile some send " +
			"nothing that this rule limits; take it out here, or add a group to it"},
	} {
		_, err := thresholds.Decode([]byte(withGroups(row.groups, row.profiles)), "f", thresholds.Options{})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", row.groups, err, row.want)
		}
	}
	decode(t, withGroups("[reader]", "profiles: [all], "), thresholds.Options{})
}
