package probe_test

import (
	"os"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/probe"
	"github.com/loadgate/loadgate/internal/target"
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

// Each reading of the grammar is one of its source; what is not is never taken for another.
func TestEveryReadingIsKnown(t *testing.T) {
	local, err := target.NewAllowList(target.Loopback())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grammar.Gauges() {
		for _, r := range append(g.Reads, grammar.Reading{Name: "nonsense"}) {
			p := config.Probe{
				From: g.From, Read: r.Name, PID: os.Getpid(), URL: "redis://127.0.0.1:1", DSN: "host=127.0.0.1 port=1",
			}
			opened, err := (&probe.World{Allow: local}).Open(p)
			if err == nil && g.From == metric.FromPostgres {
				_, err = opened.Read(t.Context())
			}
			unknown := err != nil && strings.Contains(err.Error(), "has no reading")
			if unknown != (r.Name == "nonsense") && len(g.Reads) > 0 {
				t.Errorf("from: %s, read: %s: %v", g.From, r.Name, err)
			}
		}
	}
}
