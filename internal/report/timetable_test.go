package report_test

import (
	"io"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

// timetable is that of a profile for three groups, with rules that every one
// of the profiles here decides.
func timetable(t *testing.T, profile string, o plan.Options) terminal.Timetable {
	t.Helper()
	s, err := thresholds.Decode([]byte(`version: 1
name: shop
target: {url: "http://localhost:8000"}
profiles: {p: {`+profile+`}}
users:
  visitor: {weight: 60, wait: 1s..3s, steps: [GET /items, 'GET /items/${ int(1, 9) }']}
  buyer: {weight: 30, wait: 2s, start: [POST /login], steps: [POST /orders]}
  "admin of the shop": {weight: 10, wait: 5s, steps: [GET /stock]}
thresholds:
  sound: {endpoints: "*", success: 99%}
  quick: {endpoints: "*", p95: 200ms}
`), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return terminal.Timetable{Plan: p, Forecasts: p.Forecast()}
}

func TestGoldenTimetables(t *testing.T) {
	for name, tt := range map[string]struct {
		profile string
		options plan.Options
	}{
		"plan-rate.txt": {"rate: 50/s, max_users: 500, duration: 10m", plan.Options{}},
		"plan-stages.txt": {
			"stages: [{users: 50, over: 30s, for: 5m}, {users: 200, over: 1m, for: 5m}, {users: 0, over: 30s}]",
			plan.Options{}},
		"plan-stages-rates.txt": {
			"stages: [{rate: 5/s, over: 30s, for: 5m}, {rate: 50/s, for: 5m}, {rate: 0/s, over: 1m}]", plan.Options{}},
	} {
		golden(t, name, content.View{}, func(w io.Writer, _ content.View) error {
			return timetable(t, tt.profile, tt.options).Write(w, content.Options{})
		})
	}
}

func TestTimetableKeepsItsWidth(t *testing.T) {
	for _, profile := range []string{
		"rate: 12345/s, max_users: 500, duration: 10m, arrivals: even",
		"stages: [{rate: 5/s, over: 3333s, for: 5h}, {rate: 50/s, for: 5m}, {rate: 0/s, over: 1m}]",
		"users: 20, spawn_rate: 3/s, duration: 5m, pace: 2",
	} {
		for _, width := range []int{80, 100, 140} {
			var b strings.Builder
			if err := timetable(t, profile, plan.Options{}).Write(&b, content.Options{Width: width}); err != nil {
				t.Fatal(err)
			}
			if line, cells := widest(b.String()); cells > width {
				t.Errorf("%s: a line of %d cells, want at most %d: %s", profile, cells, width, line)
			}
		}
	}
}

func TestLoadInWords(t *testing.T) {
	stages := []result.Stage{{Users: 1, Until: 1}}
	for _, tt := range []struct {
		planned result.Planned
		rates   unit.Unit
		want    string
	}{
		{result.Planned{}, unit.PerSecond, ""},
		{result.Planned{Users: 1}, unit.PerSecond, "1 user"},
		{result.Planned{Users: 40}, unit.PerMinute, "40 users"},
		{result.Planned{Users: 40, Stages: stages}, unit.PerSecond, "up to 40 users in stages"},
		{result.Planned{Rate: 50, MaxUsers: 10}, unit.PerSecond, "50 arrivals/s"},
		{result.Planned{Rate: 50, MaxUsers: 10}, unit.PerMinute, "3000 arrivals/min"},
		{result.Planned{Rate: 0.25, MaxUsers: 10}, unit.PerSecond, "0.25 arrivals/s"},
		{result.Planned{Rate: 0.25, MaxUsers: 10}, unit.PerDay, "21600 arrivals/day"},
		{result.Planned{Rate: 50, MaxUsers: 10, Stages: stages}, unit.PerSecond, "up to 50 arrivals/s in stages"},
	} {
		if got := content.Load(tt.planned, tt.rates); got != tt.want {
			t.Errorf("Load(%+v, %v) = %q, want %q", tt.planned, tt.rates, got, tt.want)
		}
	}
}
