package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loadgate/loadgate/internal/result"
)

// elsewhere is a network of its own on this machine, with one cable to us.
type elsewhere struct {
	t         *testing.T
	name, far string   // of the network, and of the end of the cable that is there
	hub       string   // an address of ours that is reached through the cable
	in        []string // runs a command there
}

var networks atomic.Int32

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root may make a network")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("ip is not installed (Debian: iproute2)")
	}
	number := networks.Add(1)
	name := fmt.Sprintf("lg%d-%d", os.Getpid(), number)
	e := &elsewhere{t: t, name: name, far: name + "b", in: []string{"ip", "netns", "exec", name}}
	if text, err := exec.CommandContext(t.Context(), "ip", "netns", "add", name).CombinedOutput(); err != nil {
		t.Skipf("no network can be made here: %s", text)
	}
	t.Cleanup(func() { // which takes the cable with it
		if text, err := exec.Command("ip", "netns", "del", name).CombinedOutput(); err != nil {
			t.Errorf("the network stays: %s", text)
		}
	})
	// Addresses for documentation: no packet to them goes anywhere else.
	host := fmt.Sprintf("192.0.2.%d", 4*number+1)
	e.ip("link", "add", name+"a", "type", "veth", "peer", "name", e.far, "netns", name)
	e.ip("address", "add", host+"/30", "dev", name+"a")
	e.ip("link", "set", name+"a", "up")
	e.ip("-n", name, "address", "add", fmt.Sprintf("192.0.2.%d/30", 4*number+2), "dev", e.far)
	e.ip("-n", name, "link", "set", "lo", "up")
	e.cable("up")
	_, port, _ := net.SplitHostPort(loopbackHub(t))
	e.hub = net.JoinHostPort(host, port)
	return e
}

func (e *elsewhere) ip(args ...string) {
	e.t.Helper()
	if text, err := exec.CommandContext(e.t.Context(), "ip", args...).CombinedOutput(); err != nil {
		e.t.Fatalf("ip %s: %s", strings.Join(args, " "), text)
	}
}

// cable plugs the far end of the cable in, up, or pulls it out, down.
func (e *elsewhere) cable(state string) {
	e.t.Helper()
	e.ip("-n", e.name, "link", "set", e.far, state)
}

// partition is a run of a worker here and one elsewhere, which has a service of its own to load, a while after the
// cable was pulled out.
func partition(t *testing.T, seconds int, flags ...string) (*story, *elsewhere) {
	t.Helper()
	if !*long {
		t.Skip("half a minute of waiting; -long waits")
	}
	t.Parallel()
	e := newElsewhere(t)
	service := loopbackHub(t)
	load := strings.NewReplacer("/items/${ me }", "/api/tutors", "/about", "/health").
		Replace(smallLoad("http://"+service, seconds))
	f := newFleet(t, load, e.hub, 2)
	f.start("demo", nil, "demo", "--listen", service).await("stand-in on")
	f.start("far demo", e.in, "demo", "--listen", service).await("stand-in on")
	f.begin()
	f.join(1, e.hub, nil)
	f.join(2, e.hub, e.in, flags...)
	f.awaitLines(2, 2)
	e.cable("down")
	f.run.await("worker runner-2 has been silent since")
	return f, e
}

// A worker whose network is gone for less than its lease goes on with its load, and delivers all of it.
func TestFleetShortPartition(t *testing.T) {
	f, e := partition(t, 12)
	e.cable("up")
	f.run.await("worker runner-2 is back")
	f.run.exit()
	f.whole()
	f.sums()
}

// A worker whose network is gone for longer ends its load and keeps its journal. The run names it.
func TestFleetLongPartition(t *testing.T) {
	const seconds = 20
	f, _ := partition(t, seconds, "--lease", "5s")
	if code := f.workers[1].exit(); code != 4 ||
		!strings.Contains(f.workers[1].text(), "the coordinator is silent for 5s: the load has ended") {
		t.Errorf("the worker exits with %d, want 4, and why", code)
	}
	f.names(2)
	f.delivered(1)
	own, sent := f.own(2), f.sent(2)
	if len(sent) == 0 || len(sent) == len(own) || !bytes.HasPrefix(own, sent) {
		t.Errorf("the run has %d bytes of the worker, which wrote %d", len(sent), len(own))
	}
	part, err := result.Decode(bytes.NewReader(own), "its journal")
	if err != nil || part.End != result.Interrupted || part.Elapsed >= seconds*result.SlotLength {
		t.Errorf("%v: its load ended after %s, want before %ds", err, part.Elapsed, seconds)
	}
	f.sums()
}
