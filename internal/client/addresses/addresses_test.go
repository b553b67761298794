package addresses_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client/addresses"
	"github.com/loadgate/loadgate/internal/client/socket"
)

func parse(text string) (all []netip.Addr) {
	for field := range strings.FieldsSeq(text) {
		all = append(all, netip.MustParseAddr(field))
	}
	return all
}

// Users take turns within each family, whatever order the resolver answers in; its first family stays first.
func TestSpread(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		nth        uint64
		addrs, all string
	}{
		{7, "10.0.0.1", "10.0.0.1"},
		{0, "10.0.0.3 10.0.0.1 10.0.0.2", "10.0.0.1 10.0.0.2 10.0.0.3"},
		{1, "10.0.0.2 10.0.0.3 10.0.0.1", "10.0.0.2 10.0.0.3 10.0.0.1"},
		{5, "10.0.0.2 10.0.0.3 10.0.0.1 10.0.0.3", "10.0.0.3 10.0.0.1 10.0.0.2"},
		{1, "::2 10.0.0.2 ::1 10.0.0.1", "::2 ::1 10.0.0.2 10.0.0.1"},
		{1, "10.0.0.2 ::2 10.0.0.1 ::1", "10.0.0.2 10.0.0.1 ::2 ::1"},
	} {
		if got := addresses.Spread(parse(tt.addrs), tt.nth); fmt.Sprint(got) != fmt.Sprint(parse(tt.all)) {
			t.Errorf("Spread(%s, %d) = %v, want %s", tt.addrs, tt.nth, got, tt.all)
		}
	}
}

// won is a connection that says whether it was closed.
type won struct {
	socket.Raw
	addr   netip.Addr
	closed *atomic.Int32
}

func (w *won) Close() error { w.closed.Add(1); return nil }

// The addresses are tried by turns of the families, each after its head start or the failure before it; who loses is
// closed, and nothing outlives the call.
func TestFirst(t *testing.T) {
	t.Parallel()
	noWay := os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	type dialled struct {
		takes time.Duration
		err   error
	}
	fine := dialled{time.Millisecond, nil}
	for _, tt := range []struct {
		name  string
		addrs string
		hosts map[string]dialled
		won   string
		err   error
		tried string
		took  time.Duration
	}{
		{"one", "::1", map[string]dialled{"::1": fine}, "::1", nil, "::1", time.Millisecond},
		{"one that refuses", "::1", map[string]dialled{"::1": {0, refused}}, "", refused, "::1", 0},
		{"the first", "::1 ::2 10.0.0.1", map[string]dialled{"::1": fine}, "::1", nil, "::1", time.Millisecond},
		{"the other family is next", "::1 ::2 10.0.0.1", map[string]dialled{"::1": {0, refused}, "10.0.0.1": fine},
			"10.0.0.1", nil, "::1 10.0.0.1", time.Millisecond},
		{"a silent one has its head start", "::1 10.0.0.1", map[string]dialled{"::1": {time.Minute, nil},
			"10.0.0.1": fine}, "10.0.0.1", nil, "::1 10.0.0.1", 251 * time.Millisecond},
		{"all refuse", "::1 10.0.0.1", map[string]dialled{"::1": {0, refused}, "10.0.0.1": {0, os.ErrPermission}},
			"", refused, "::1 10.0.0.1", 0},
		{"what this machine cannot reach says less", "::1 10.0.0.1", map[string]dialled{"::1": {0, noWay},
			"10.0.0.1": {0, refused}}, "", refused, "::1 10.0.0.1", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var tried []string
				var closed atomic.Int32
				began := time.Now()
				got, err := addresses.First(t.Context(), parse(tt.addrs),
					func(ctx context.Context, addr netip.Addr) (socket.Raw, error) {
						mu.Lock()
						tried = append(tried, addr.String())
						mu.Unlock()
						host := tt.hosts[addr.String()]
						select {
						case <-time.After(host.takes):
						case <-ctx.Done():
							return nil, ctx.Err()
						}
						if host.err != nil {
							return nil, host.err
						}
						return &won{addr: addr, closed: &closed}, nil
					})
				winner := ""
				if got != nil {
					winner = got.(*won).addr.String()
				}
				if winner != tt.won || !errors.Is(err, tt.err) || strings.Join(tried, " ") != tt.tried {
					t.Errorf("First = %q, %v after %v; want %q, %v after %s",
						winner, err, tried, tt.won, tt.err, tt.tried)
				}
				if took := time.Since(began); took != tt.took || closed.Load() != 0 {
					t.Errorf("took %v, %d closed; want %v, none", took, closed.Load(), tt.took)
				}
			})
		})
	}
}

// Two that accept at once leave one connection open.
func TestFirstClosesWhatLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var closed atomic.Int32
		got, err := addresses.First(t.Context(), parse("::1 10.0.0.1"),
			func(context.Context, netip.Addr) (socket.Raw, error) {
				<-time.After(300 * time.Millisecond) // the second begins within it; neither gives up
				return &won{closed: &closed}, nil
			})
		if got == nil || err != nil || closed.Load() != 1 {
			t.Errorf("First = %v, %v, %d closed; want one open and one closed", got, err, closed.Load())
		}
	})
}

func TestNoWay(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		syscall.EADDRNOTAVAIL: true, syscall.ENETUNREACH: true, syscall.EAFNOSUPPORT: true,
		syscall.ECONNREFUSED: false, os.ErrDeadlineExceeded: false,
	} {
		if got := addresses.NoWay(&net.OpError{Op: "dial", Err: err}); got != want {
			t.Errorf("NoWay(%v) = %v, want %v", err, got, want)
		}
	}
}
