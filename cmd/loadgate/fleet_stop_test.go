//go:build unix

package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
)

// A process that is stopped for a while, as on a machine that is frozen to be copied, comes back, and nothing is lost.
func TestFleetStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("runs that are stopped for seconds")
	}
	t.Parallel()
	service := quickService(t)
	for _, tt := range []struct {
		name   string
		who    func(f *story) *running
		length time.Duration
	}{
		{"the run", func(f *story) *running { return f.run }, 5 * time.Second},
		// Longer than a worker may be silent, and beyond the end of the load.
		{"the run, for long", func(f *story) *running { return f.run }, 17 * time.Second},
		{"a worker", func(f *story) *running { return f.workers[1] }, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.length > fleet.LostAfter && !*long {
				t.Skip("half a minute of waiting; -long waits")
			}
			t.Parallel()
			f := startFleet(t, smallLoad(service.URL, 8), 2)
			f.joinAll()
			f.awaitLines(2, 2)
			tt.who(f).signal(syscall.SIGSTOP)
			<-time.After(tt.length)
			tt.who(f).signal(syscall.SIGCONT)
			f.run.exit()
			f.whole()
			f.sums()
		})
	}
}
