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
		{"GET /api/performance/analytics=600ms",
			demo.Slow{Endpoint: "GET /api/performance/analytics", Median: 600 * time.Millisecond}},
		{"GET /api/performance/analytics=+60%", demo.Slow{Endpoint: "GET /api/performance/analytics", More: 0.6}},
		{"GET /api/tutors/17/sessions?limit=50=1.5s",
			demo.Slow{Endpoint: "GET /api/tutors/{id}/sessions", Median: 1500 * time.Millisecond}},
		{" POST /api/interventions/{id}/assign = +250% ",
			demo.Slow{Endpoint: "POST /api/interventions/{id}/assign", More: 2.5}},
		{"POST /api/feedback/feedback_token_1=1s",
			demo.Slow{Endpoint: "POST /api/feedback/{token}", Median: time.Second}},
		{"GET /api/performance/analytics=600ms@20s", demo.Slow{Endpoint: "GET /api/performance/analytics",
			Median: 600 * time.Millisecond, From: 20 * time.Second}},
		{"GET /api/tutors = +60% @ 1m", demo.Slow{Endpoint: "GET /api/tutors", More: 0.6, From: time.Minute}},
		{"600ms", demo.Slow{Median: 600 * time.Millisecond}},
		{"+20%@0s", demo.Slow{More: 0.2}},
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
	for text, want := range map[string]demo.Fail{
		"POST /api/sessions=2%":     {Endpoint: "POST /api/sessions", Share: 0.02},
		"POST /api/sessions=2%@20s": {Endpoint: "POST /api/sessions", Share: 0.02, From: 20 * time.Second},
		"2%":                        {Share: 0.02},
		"100% @ 1m30s":              {Share: 1, From: 90 * time.Second},
	} {
		if got, err := demo.ParseFail(text); err != nil || got != want {
			t.Errorf("ParseFail(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]demo.Span{
		"5s@30s":   {From: 30 * time.Second, Until: 35 * time.Second},
		" 1m @ 0s": {Until: time.Minute},
		"@30s":     {From: 30 * time.Second, Until: demo.Forever},
		"@0s":      {Until: demo.Forever},
	} {
		if got, err := demo.ParseSpan(text); err != nil || got != want {
			t.Errorf("ParseSpan(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseFreeze(t *testing.T) {
	for text, want := range map[string]demo.Freeze{
		"500ms/5s": {For: 500 * time.Millisecond, Every: 5 * time.Second},
		"8s@15s":   {Once: demo.Span{From: 15 * time.Second, Until: 23 * time.Second}},
		"@15s":     {Once: demo.Span{From: 15 * time.Second, Until: demo.Forever}},
	} {
		if got, err := demo.ParseFreeze(text); err != nil || got != want {
			t.Errorf("ParseFreeze(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseDrift(t *testing.T) {
	for text, want := range map[string]demo.Drift{
		"10%/m":     {Share: 0.1, Per: time.Minute},
		"600ms/m":   {By: 600 * time.Millisecond, Per: time.Minute},
		"1s/h":      {By: time.Second, Per: time.Hour},
		"5 % / min": {Share: 0.05, Per: time.Minute},
	} {
		if got, err := demo.ParseDrift(text); err != nil || got != want {
			t.Errorf("ParseDrift(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParsePoolAndWork(t *testing.T) {
	if n, err := demo.ParsePool("2"); n != 2 || err != nil {
		t.Errorf("ParsePool = %d, %v", n, err)
	}
	if d, err := demo.ParseWork("1.9s"); d != 1900*time.Millisecond || err != nil {
		t.Errorf("ParseWork = %v, %v", d, err)
	}
}

func TestParseRateLimit(t *testing.T) {
	for text, window := range map[string]time.Duration{"100/min": time.Minute,
		"100/m": time.Minute, "100/s": time.Second,
		"100/h": time.Hour} {
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
	span := func(text string) error { _, err := demo.ParseSpan(text); return err }
	drift := func(text string) error { _, err := demo.ParseDrift(text); return err }
	pool := func(text string) error { _, err := demo.ParsePool(text); return err }
	work := func(text string) error { _, err := demo.ParseWork(text); return err }
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
		{"freeze, bad start", freeze, "8s@later", "write one like 600ms"},
		{"slow, bad start", slow, "GET /api/tutors=1s@20", "write 20ms or 20s"},
		{"slow, negative start", slow, "GET /api/tutors=1s@-20s", "more than 0s"},
		{"slow, neither endpoint nor time", slow, "fast", "write one like 600ms"},
		{"slow, nothing at all", slow, "", "has no value"},
		{"fail, no start", fail, "2%@", "more than 0s"},
		{"span, no start", span, "5s", "write 5s@30s for 5 s from 0:30 on, or @30s for good"},
		{"span, another order", span, "20s-40s", "write 5s@30s"},
		{"span, no length", span, "0s@5s", "more than 0s"},
		{"span, two starts", span, "5s@5s@5s", "is not a time"},
		{"span, tomorrow", span, "@25h", "at most 24h"},
		{"drift, in no time", drift, "10%", "write one like 10%/m or 600ms/m"},
		{"drift, no unit", drift, "10/m", "write 10ms or 10s"},
		{"drift, backwards", drift, "-5%/m", "more than 0%"},
		{"pool, none", pool, "0", "write 1 to 1000"},
		{"pool, many", pool, "1001", "write 1 to 1000"},
		{"work, no unit", work, "20", "write 20ms or 20s"},
		{"work, too long", work, "2m", "at most 1m"},
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
