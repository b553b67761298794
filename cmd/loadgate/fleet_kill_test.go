//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/loadgate/loadgate/internal/result"
)

// In a hundred runs of three workers a process is killed at a drawn moment, and no line is lost.
func TestFleetKilled(t *testing.T) {
	rounds := 100
	switch {
	case testing.Short():
		t.Skip("runs of workers that lose one")
	case !*long:
		rounds = 3
		t.Parallel()
	}
	service := quickService(t)
	// A round waits more than it computes.
	var at errgroup.Group
	at.SetLimit(10)
	for i := range rounds {
		at.Go(func() error {
			t.Run(fmt.Sprint(i), func(t *testing.T) { killOne(t, service.URL, i) })
			return nil
		})
	}
	_ = at.Wait() // the rounds say what is wrong
}

// The load of a round, from the moment on at which a worker knows its start, and what may be killed in it.
const (
	killSeconds  = 4
	killAhead    = 2 * time.Second
	killWorker   = iota - 2 // and its machine does not come back
	killReplaced            // another process of the same machine asks for its place
	killRun                 // and it is resumed
	killBoth
	killKinds
)

func killOne(t *testing.T, url string, i int) {
	chance := rand.New(rand.NewPCG(20261130, uint64(i)))
	kind := i % killKinds
	victim := 1 + chance.IntN(3)
	moment := time.Duration(chance.Int64N(int64(killAhead + killSeconds*time.Second)))
	absent := time.Duration(chance.Int64N(int64(3 * time.Second))) // of the run's process

	f := startFleet(t, smallLoad(url, killSeconds), 3)
	f.joinAll()
	for _, w := range f.workers {
		w.await("(?m)^loadgate: the load begins$")
	}
	<-time.After(moment)
	before := f.sent(victim)
	if kind != killRun {
		f.workers[victim-1].kill()
	}
	if kind == killReplaced {
		another := f.start("another", nil, "worker", f.hub, "--name", "another", "--out", "another",
			"--index", fmt.Sprint(victim-1), "--wait", "0s")
		if code := another.exit(); code != 4 {
			t.Errorf("a worker that comes late exits with %d, want 4", code)
		}
	}
	if kind == killRun || kind == killBoth {
		f.run.kill()
		if _, err := os.Stat(f.out("workers", "fleet.json")); err == nil {
			<-time.After(absent)
			f.resume()
		} // else it had just told its verdict
	}
	f.run.exit()
	for k := range f.workers {
		if kind == killRun || k+1 != victim {
			f.delivered(k + 1)
			if code := f.workers[k].exit(); code != 0 {
				t.Errorf("worker %d exits with %d", k+1, code)
			}
		}
	}
	f.sums()
	if kind == killRun {
		f.whole()
		return
	}
	// Of one that had delivered nothing the run makes a first line itself.
	own, sent := f.own(victim), f.sent(victim)
	if !bytes.HasPrefix(sent, before) || bytes.Count(sent, []byte("\n")) > 1 && !bytes.HasPrefix(own, sent) {
		t.Errorf("the run had %d bytes of the killed worker, which wrote %d, and has kept %d",
			len(before), len(own), len(sent))
	}
	if *f.result(t).Shards[victim-1].End != result.Complete { // it was not killed after its last line
		f.names(victim)
	}
}
