package hub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/testport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) (*hub.Hub, *link.Conn) {
	t.Helper()
	h, err := hub.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := h.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return h, c
}

func join(t *testing.T, h *hub.Hub) *link.Conn {
	t.Helper()
	c, err := link.Join(h.Address(), h.Secret(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func hearLeases(t *testing.T, c *link.Conn, to chan<- fleet.Lease) {
	t.Helper()
	hear := func(l fleet.Lease) { to <- l }
	if err := link.Hear(c, fleet.LeaseSubject("r1"), fleet.Lease.Check, hear); err != nil {
		t.Fatal(err)
	}
}

func TestAskAndHear(t *testing.T) {
	h, coordinator := start(t)
	worker := join(t, h)
	if err := link.Answer(coordinator, fleet.JoinSubject, fleet.Join.Check, func(j fleet.Join) any {
		return fleet.Welcome{Refused: "no room for " + j.Name}
	}); err != nil {
		t.Fatal(err)
	}
	lines := make(chan []byte, 1)
	if err := coordinator.HearBytes(fleet.AnyJournalSubject("r1"), func(b []byte) { lines <- b }); err != nil {
		t.Fatal(err)
	}
	leases := make(chan fleet.Lease, 1)
	hearLeases(t, worker, leases)
	if err := errors.Join(coordinator.Flush(), worker.Flush()); err != nil {
		t.Fatal(err)
	}

	me := fleet.Join{Name: "runner-1", Version: "v", Protocol: fleet.Protocol, Cores: 2, Key: "X"}
	got, err := link.Ask[fleet.Welcome](t.Context(), worker, fleet.JoinSubject, me)
	if err != nil || got.Refused != "no room for runner-1" {
		t.Errorf("answer %+v, %v", got, err)
	}
	// A lease that cannot be is not heard; the next one is.
	wrong, right := fleet.Lease{State: fleet.Armed}, fleet.Lease{State: fleet.Waiting, Round: 2}
	for _, l := range []fleet.Lease{wrong, right} {
		if err := coordinator.Publish(fleet.LeaseSubject("r1"), l); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-leases; got.Round != 2 {
		t.Errorf("heard %+v", got)
	}
	if err := worker.PublishBytes(fleet.JournalSubject("r1", 3), []byte("line")); err != nil {
		t.Fatal(err)
	}
	if got := <-lines; string(got) != "line" {
		t.Errorf("heard %q", got)
	}
	if h.Workers() != 1 {
		t.Errorf("%d workers", h.Workers())
	}
	if _, err := link.Ask[fleet.Round](t.Context(), worker, fleet.RoundSubject("r1"), fleet.Ask{K: 1}); !errors.Is(
		err, link.ErrUnreachable) {
		t.Errorf("a question that nobody hears: %v", err)
	}
}

// Who lacks the secret does not join, and a worker that has it does not answer in the hub's place or hear what is
// for others.
func TestStrangers(t *testing.T) {
	h, _ := start(t)
	other, _ := start(t)
	guess := h.Secret()
	guess.Token = strings.Repeat("A", 43)
	_, err := link.Join(h.Address(), guess, nil)
	if err == nil || !strings.Contains(err.Error(), "the join secret is not the hub's") {
		t.Errorf("a guessed token: %v", err)
	}
	_, err = link.Join(h.Address(), other.Secret(), nil)
	if err == nil || !strings.Contains(err.Error(), "certificate is not the one of the join secret") {
		t.Errorf("the secret of another hub: %v", err)
	}
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = link.Join(fmt.Sprintf("127.0.0.1:%d", port), h.Secret(), nil); !errors.Is(err, link.ErrUnreachable) {
		t.Errorf("nobody there: %v", err)
	}
	for _, address := range []string{"", "host", ":7422", "a:b:c"} {
		if _, err := link.Join(address, h.Secret(), nil); err == nil {
			t.Errorf("joined %q", address)
		}
	}
	if _, err := nats.Connect("nats://"+h.Address(), nats.UserInfo(link.WorkerUser, h.Secret().Token),
		nats.Timeout(time.Second)); err == nil {
		t.Error("connected without TLS")
	}
}

func TestWorkersRights(t *testing.T) {
	h, coordinator := start(t)
	worker := join(t, h)
	heard := make(chan string, 10)
	for _, subject := range []string{fleet.JoinSubject, fleet.ClockSubject, fleet.AnyJournalSubject("r1"), ">",
		link.CoordinatorInbox + ".>"} {
		if err := worker.HearBytes(subject, func([]byte) { heard <- subject }); err != nil {
			t.Fatal(err)
		}
	}
	forged := make(chan fleet.Lease, 1)
	second := join(t, h)
	hearLeases(t, second, forged)
	if err := errors.Join(worker.Flush(), second.Flush()); err != nil {
		t.Fatal(err)
	}
	_ = worker.Publish(fleet.LeaseSubject("r1"), fleet.Lease{Round: 66})
	_ = second.PublishBytes(fleet.JournalSubject("r1", 2), []byte("line"))
	_ = second.Publish(fleet.ClockSubject, struct{}{})
	_ = errors.Join(worker.Flush(), second.Flush())
	if err := coordinator.Publish(fleet.LeaseSubject("r1"), fleet.Lease{Round: 1}); err != nil {
		t.Fatal(err)
	}
	if l := <-forged; l.Round != 1 {
		t.Errorf("a worker published a lease: %+v", l)
	}
	select {
	case subject := <-heard:
		t.Errorf("a worker hears %s", subject)
	default:
	}
}

func TestStartRefuses(t *testing.T) {
	h, _ := start(t)
	for address, want := range map[string]string{
		h.Address(): "address already in use", "nowhere": "no address to listen at", "127.0.0.1:x": "x is no port",
	} {
		if other, err := hub.Start(address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
			if err == nil {
				other.Close()
			}
		}
	}
}

// A worker learns that its hub is gone.
func TestGone(t *testing.T) {
	h, _ := start(t)
	events := make(chan error, 4)
	c, err := link.Join(h.Address(), h.Secret(), func(err error) { events <- err })
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	select {
	case <-events:
	case <-time.After(10 * time.Second):
		t.Error("nobody said that the hub is gone")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := link.Ask[fleet.Time](ctx, c, fleet.ClockSubject, struct{}{}); err == nil {
		t.Error("a hub that is gone answers")
	}
	c.Close()
}
