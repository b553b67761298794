package client_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/target"
)

// meeting answers nobody until that many requests are there at once.
type meeting struct {
	mu   sync.Mutex
	here int
	all  chan struct{}
	want int
}

func newMeeting(want int) *meeting { return &meeting{all: make(chan struct{}), want: want} }

func (m *meeting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/met" {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "7"})
		return
	}
	if c, err := r.Cookie("sid"); err != nil || c.Value != "7" {
		w.WriteHeader(http.StatusForbidden)
	}
	m.mu.Lock()
	all := m.all
	if m.here++; m.here == m.want {
		close(all)
		m.all, m.here = make(chan struct{}), 0
	}
	m.mu.Unlock()
	select {
	case <-all:
	case <-r.Context().Done():
	}
}

// The further connections of a user carry requests at the same time, with the user's cookies, and live as long as those
// that it has alone.
func TestBeside(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		for _, tt := range []struct {
			keep target.Keep
			less bool // connections end with the round
		}{{target.KeepUser, false}, {target.KeepRound, true}} {
			t.Run(w.name+" "+target.Connections{Keep: tt.keep}.String(), func(t *testing.T) {
				t.Parallel()
				cfg := w.serve(t, newMeeting(client.MostBeside).ServeHTTP)
				cfg.Connections.Keep = tt.keep
				s := session(t, cfg)
				do(t, s, &client.Request{Target: "/first"}) // whose connection is one of them
				again := map[bool]int{true: client.MostBeside}[tt.less]
				for round, connects := range []int{client.MostBeside - 1, again} {
					if round > 0 {
						s.EndRound()
					}
					made := 0
					for _, x := range together(t, s) {
						if made += x.Connects; x.Status != 200 {
							t.Errorf("round %d: status %d, %s", round, x.Status, x.Detail)
						}
					}
					if made != connects {
						t.Errorf("round %d: %d connections made, want %d", round, made, connects)
					}
				}
				s.Close()
				if x := do(t, s.Beside(1), &client.Request{Target: "/"}); x.Connects != 1 {
					t.Errorf("after Close: %d connections made, want 1", x.Connects)
				}
			})
		}
	}
}

// together sends a request over each connection of a user at once.
func together(t *testing.T, s *client.Session) []*client.Exchange {
	t.Helper()
	every := []*client.Session{s}
	for len(every) < client.MostBeside {
		every = append(every, s.Beside(len(every)))
	}
	all := make([]*client.Exchange, len(every))
	var sent sync.WaitGroup
	for i, on := range every {
		all[i] = new(client.Exchange)
		sent.Go(func() { on.Do(t.Context(), &client.Request{Target: "/met"}, all[i]) })
	}
	sent.Wait()
	return all
}

// Each connection answers challenges of Digest authentication with a nonce of its own: the guard wants each nonce's
// counts in their order.
func TestBesideDigest(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		g := &guard{quality: "auth"}
		s := session(t, w.serve(t, g.ServeHTTP))
		do(t, s, &client.Request{Digest: &ann})
		var sent sync.WaitGroup
		var beside []*client.Session
		for i := 1; i < client.MostBeside; i++ {
			beside = append(beside, s.Beside(i))
		}
		for _, on := range beside {
			sent.Go(func() {
				for hops := 1; hops >= 0; hops-- {
					var x client.Exchange
					if on.Do(t.Context(), &client.Request{Digest: &ann}, &x); x.Status != 200 || x.Hops != hops {
						t.Errorf("%s: status %d, %d hops; want 200, %d: %s", w.name, x.Status, x.Hops, hops, x.Detail)
					}
				}
			})
		}
		sent.Wait()
		g.saw(t)
	}
}
