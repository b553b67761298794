package main

import (
	"testing"
	"time"
)

// A shortened scenario keeps whole periods of freezes, and time at its full
// load behind the ramp.
func TestLasting(t *testing.T) {
	freezing := scenario{duration: 20 * time.Second, rate: 200, target: target{Every: 4999 * ms, Freeze: 500 * ms}}
	ramped := scenario{duration: 30 * time.Second, ramp: 10 * time.Second, users: 10}
	for _, tt := range []struct {
		name           string
		s              scenario
		seconds        int
		duration, ramp time.Duration
	}{
		{"as it is", ramped, 0, 30 * time.Second, 10 * time.Second},
		{"shorter than its ramp", ramped, 4, 4 * time.Second, 2 * time.Second},
		{"longer", ramped, 60, time.Minute, 10 * time.Second},
		{"less than a period", freezing, 1, 5 * time.Second, 0},
		{"more than a period", freezing, 6, 10 * time.Second, 0},
		{"whole periods", freezing, 10, 10 * time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.s.lasting(tt.seconds)
			if got.duration != tt.duration || got.ramp != tt.ramp {
				t.Errorf("lasting(%d) = %v with a ramp of %v, want %v with %v",
					tt.seconds, got.duration, got.ramp, tt.duration, tt.ramp)
			}
		})
	}
}

// The head of a table names its truth.
func TestTitle(t *testing.T) {
	s := scenario{
		name: "s", load: "a load", answers: "freezes", beside: "and so on", duration: 10 * time.Second,
		rate: 200, target: target{Every: 5 * time.Second, Freeze: 500 * ms},
	}
	if got, want := s.title(),
		"s: a load, for 10s; a target that freezes; by schedule p95 is 250ms and p99 450ms; and so on"; got != want {
		t.Errorf("title = %q, want %q", got, want)
	}
}
