package client_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/target"
)

// door notes what comes through it.
type door struct {
	mu    sync.Mutex
	asked []string // the Connection header of each request
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, strings.Join(r.Header["Connection"], "|"))
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: "7"})
	w.Header().Set("X-Cookie", r.Header.Get("Cookie"))
	echo(w, r)
}

func TestConnections(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		for _, tt := range []struct {
			name     string
			policy   target.Connections
			connects [4]int // of two rounds of two requests
			says     string
		}{
			{"user", target.Connections{}, [4]int{1, 0, 0, 0}, ""},
			{"round", target.Connections{Keep: target.KeepRound}, [4]int{1, 0, 1, 0}, ""},
			{"request", target.Connections{Keep: target.KeepRequest}, [4]int{1, 1, 1, 1}, "close"},
			{"young", target.Connections{MaxAge: time.Hour}, [4]int{1, 0, 0, 0}, ""},
			{"old", target.Connections{MaxAge: 1}, [4]int{1, 1, 1, 1}, ""},
			{"young and round", target.Connections{Keep: target.KeepRound, MaxAge: time.Hour}, [4]int{1, 0, 1, 0}, ""},
			{"old and round", target.Connections{Keep: target.KeepRound, MaxAge: 1}, [4]int{1, 1, 1, 1}, ""},
		} {
			t.Run(w.name+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				d := new(door)
				cfg := w.serve(t, d.ServeHTTP)
				cfg.Connections = tt.policy
				s := session(t, cfg)
				prepared := new(client.Prepared)
				for n, connects := range tt.connects {
					x := do(t, s, &client.Request{Prepared: prepared,
						Header: []client.Field{{Name: "X", Value: "y"}, {Name: "Connection", Value: "keep-alive"}}})
					if x.Status != 200 || x.Connects != connects || x.Retries != 0 || x.Proto != w.proto {
						t.Errorf("request %d: status %d, %d connects, %d retries; want %d connects", n, x.Status,
							x.Connects, x.Retries, connects)
					}
					if want := map[bool]string{true: "sid=7"}[n > 0]; x.Header("X-Cookie") != want {
						t.Errorf("request %d: cookie %q, want %q", n, x.Header("X-Cookie"), want)
					}
					if n%2 == 1 {
						s.EndRound()
					}
				}
				says := tt.says
				if w.proto == client.ProtoHTTP2 {
					says = "" // it forbids the header
				} else if says == "" {
					says = "keep-alive" // the caller's own
				}
				d.mu.Lock()
				defer d.mu.Unlock()
				for _, word := range d.asked {
					if word != says {
						t.Errorf("Connection: %q, want %q", word, says)
					}
				}
			})
		}
	}
}

// Each hop of a request is a request, and one that is alone closes what redirects lead to as well.
func TestConnectionsOfHops(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		g := &guard{quality: "auth"}
		cfg := w.serve(t, g.ServeHTTP)
		cfg.Connections.Keep = target.KeepRequest
		s := session(t, cfg)
		x := do(t, s, &client.Request{Target: "/302?to=/x", Follow: true, Digest: &ann})
		if x.Status != 200 || x.Hops != 2 || x.Connects != 3 {
			t.Errorf("%s: status %d, %d hops, %d connects; want 200, 2, 3", w.name, x.Status, x.Hops, x.Connects)
		}
		if x := do(t, s, &client.Request{Digest: &ann}); x.Status != 200 || x.Hops != 0 || x.Connects != 1 {
			t.Errorf("%s: status %d, %d hops, %d connects; want 200, 0, 1", w.name, x.Status, x.Hops, x.Connects)
		}
		g.saw(t)
	}
}

// What is not kept is closed at once, not when the next request needs a connection.
func TestConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	for _, m := range append(allManners(t)[:2], over2Manners(t)[:2]...) {
		for _, policy := range []target.Connections{{Keep: target.KeepRound}, {Keep: target.KeepRequest}, {MaxAge: 1}} {
			closed := make(chan struct{})
			s := m.open(t, func(c net.Conn, r *bufio.Reader, _ int) {
				defer close(closed)
				if prefix, _ := r.Peek(3); string(prefix) == "PRI" {
					f := open(c, r)
					f.head(f.request(), true, ":status", "200")
				} else if request(r) {
					_, _ = io.WriteString(c, okEmpty)
				}
				_, _ = io.Copy(io.Discard, r)
			}, client.Config{Connections: policy})
			do(t, s, &client.Request{})
			s.EndRound()
			select {
			case <-closed:
			case <-time.After(10 * time.Second):
				t.Errorf("%s, %+v: the connection is open", m.name, policy)
			}
		}
	}
}

// A connection that grows old while the user thinks carries no other request.
func TestConnectionGrowsOldIdle(t *testing.T) {
	t.Parallel()
	const age = 300 * time.Millisecond
	for _, w := range ways()[:3] {
		cfg := w.serve(t, echo)
		cfg.Connections.MaxAge = age
		s := session(t, cfg)
		do(t, s, &client.Request{})
		<-time.After(age) // a real connection is in no bubble
		if x := do(t, s, &client.Request{}); x.Connects != 1 || x.Retries != 0 {
			t.Errorf("%s: %d connects, %d retries after the age; want 1, 0", w.name, x.Connects, x.Retries)
		}
	}
}
