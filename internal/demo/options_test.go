package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/loadgate/loadgate/internal/demo"
)

func TestParseSlow(t *testing.T) {
	for _, tt := range []struct {
		text string
		want demo.Slow
	}{
		{"GET /api/performance/analytics=600ms", demo.Slow{Endpoint: "GET /api/performance/analytics", Median: 600 * time.Millisecond}},
		{"GET /api/performance/analytics=+60%", demo.Slow{Endpoint: "GET /api/performance/analytics", More: 0.6}},
		{"GET /api/tutors/17/sessions?limit=50=1.5s", demo.Slow{Endpoint: "GET /api/tutors/{id}/sessions", Median: 1500 * time.Millisecond}},
		{" POST /api/interventions/{id}/assign = +250% ", demo.Slow{Endpoint: "POST /api/interventions/{id}/assign", More: 2.5}},
		{"POST /api/feedback/feedback_token_1=1s", demo.Slow{Endpoint: "POST /api/feedback/{token}", Median: time.Second}},
		{"GET /health=2s", demo.Slow{Endpoint: "GET /health", Median: 2 * time.Second}},
	} {
		got, err := demo.ParseSlow(tt.text)
		if err != nil {
			t.Errorf("ParseSlow(%q): %v", tt.text, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("ParseSlow(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestParseFail(t *testing.T) {
	got, err := demo.ParseFail("POST /api/sessions=2%")
	want := demo.Fail{Endpoint: "POST /api/sessions", Share: 0.02}
	if err != nil || got != want {
		t.Errorf("ParseFail = %+v, %v, want %+v", got, err, want)
	}
}

func TestParseFreeze(t *testing.T) {
	got, err := demo.ParseFreeze("500ms/5s")
	want := demo.Freeze{For: 500 * time.Millisecond, Every: 5 * time.Second}
	if err != nil || got != want {
		t.Errorf("ParseFreeze = %+v, %v, want %+v", got, err, want)
	}
}

func TestParseRateLimit(t *testing.T) {
	for text, window := range map[string]time.Duration{"100/min": time.Minute, "100/s": time.Second, "100/h": time.Hour} {
		got, err := demo.ParseRateLimit(text)
		want := demo.RateLimit{Requests: 100, Window: window}
		if err != nil || got != want {
			t.Errorf("ParseRateLimit(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
}

// Every message says what to write instead.
func TestParseMistakes(t *testing.T) {
	slow := func(text string) error { _, err := demo.ParseSlow(text); return err }
	fail := func(text string) error { _, err := demo.ParseFail(text); return err }
	freeze := func(text string) error { _, err := demo.ParseFreeze(text); return err }
	limit := func(text string) error { _, err := demo.ParseRateLimit(text); return err }
	for _, tt := range []struct {
		name  string
		parse func(string) error
		text  string
		says  string
	}{
		{"slow, no value", slow, "GET /api/tutors", "write one like GET /api/performance/analytics=600ms"},
		{"slow, no method", slow, "/api/tutors=1s", "write one like GET /api/tutors/{id}"},
		{"slow, no unit", slow, "GET /api/tutors=600", "write 600ms or 600s"},
		{"slow, nothing", slow, "GET /api/tutors=0s", "write one like 600ms"},
		{"slow, negative", slow, "GET /api/tutors=-1s", "write one like 600ms"},
		{"slow, share without sign", slow, "GET /api/tutors=+60", "write 60%"},
		{"slow, share not a number", slow, "GET /api/tutors=+NaN%", "write one like 2%"},
		{"slow, another method", slow, "POST /api/tutors=1s", "write GET /api/tutors"},
		{"slow, method in small letters", slow, "patch /api/sessions/4=1s", "write PATCH /api/sessions/4"},
		{"slow, slash", slow, "GET /api/tutors/=1s", "write GET /api/tutors, without the slash"},
		{"slow, no such path", slow, "GET /api/tutor=1s", "write one of: POST /api/auth/login, "},
		{"fail, no unit", fail, "POST /api/sessions=2", "write 2%"},
		{"fail, too much", fail, "POST /api/sessions=101%", "at most 100%"},
		{"fail, nothing", fail, "POST /api/sessions=0%", "more than 0%"},
		{"freeze, no period", freeze, "500ms", "write one like 500ms/5s"},
		{"freeze, no unit", freeze, "500/5s", "write 500ms or 500s"},
		{"freeze, forever", freeze, "5s/5s", "shorter than its period"},
		{"limit, no window", limit, "100", "like 100/min"},
		{"limit, other window", limit, "100/day", "like 100/min"},
		{"limit, none", limit, "0/min", "like 100/min"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.parse(tt.text); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("parse %q: %v, want an error that says %q", tt.text, err, tt.says)
			}
		})
	}
}
