package probe_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/probe"
)

// Every source that a file may name can be opened; another reason not to is one of the file.
func TestEverySourceHasAProbe(t *testing.T) {
	for _, g := range grammar.Gauges() {
		opened, err := new(probe.World).Open(config.Probe{From: g.From})
		if err != nil && strings.Contains(err.Error(), "there is no probe") {
			t.Errorf("from: %s: %v", g.From, err)
		}
		if err == nil && opened.Read == nil {
			t.Errorf("from: %s is opened, and cannot be read", g.From)
		}
	}
}
