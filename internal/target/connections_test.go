package target_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/target"
)

func TestConnections(t *testing.T) {
	for text, want := range map[string]target.Connections{
		"per user": {}, "per round": {Keep: target.KeepRound}, "per request": {Keep: target.KeepRequest},
		"max 30s": {MaxAge: 30 * time.Second}, "max 1m30s": {MaxAge: 90 * time.Second},
	} {
		got, err := target.ParseConnections(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("ParseConnections(%q) = %+v (%s), %v, want %+v", text, got, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"per page": "write per user", "max 30": "unit", "max 10ms": "too short", "": "write per user", "30s": "max 30s",
	} {
		if got, err := target.ParseConnections(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseConnections(%q) = %+v, %v, want %s", text, got, err, want)
		}
	}
}
