package client_test

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

// A connection that the server gives up while it is idle is not used again,
// and one that it gives up under a request is made up for once.
func TestHTTP2ConnectionThatTheServerGaveUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		first             func(f *frames, stream uint32) // a second request on the first connection
		failure           metric.Failure
		connects, retries int
	}{
		{"closed", func(f *frames, _ uint32) {}, metric.OK, 1, 1},
		{"GOAWAY that leaves it out", func(f *frames, _ uint32) {
			_ = f.WriteGoAway(1, http2.ErrCodeNo, nil)
			f.hold()
		}, metric.OK, 1, 1},
		{"GOAWAY and closed", func(f *frames, _ uint32) { _ = f.WriteGoAway(1, http2.ErrCodeNo, nil) },
			metric.OK, 1, 1},
		{"reset", func(f *frames, _ uint32) { rst(f.c) }, metric.OK, 1, 1},
		{"GOAWAY that lets it end", func(f *frames, id uint32) {
			_ = f.WriteGoAway(id, http2.ErrCodeNo, nil)
			f.head(id, true, ":status", "200")
			f.hold()
		}, metric.OK, 0, 0},
		{"closed after the head", func(f *frames, id uint32) { f.head(id, false, ":status", "200") },
			metric.Body, 0, 0},
		{"refused", func(f *frames, id uint32) {
			_ = f.WriteRSTStream(id, http2.ErrCodeRefusedStream)
			f.hold()
		}, metric.Reset, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, client.Config{HTTP: target.H2C,
				BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
					f := open(c, r)
					for id := f.request(); id != 0; id = f.request() {
						if nth == 0 && id > 1 {
							tt.first(f, id)
							return
						}
						f.head(id, true, ":status", "200")
					}
				})})
			do(t, s, &client.Request{})
			var x client.Exchange
			s.Do(t.Context(), &client.Request{Method: "POST", Body: []byte("x")}, &x)
			if x.Failure != tt.failure || x.Connects != tt.connects || x.Retries != tt.retries {
				t.Errorf("Do = %v %q, %d connects, %d retries; want %v, %d, %d",
					x.Failure, x.Detail, x.Connects, x.Retries, tt.failure, tt.connects, tt.retries)
			}
		})
	}
}

func TestHTTP2KeepAliveRace(t *testing.T) {
	t.Parallel()
	// Go's server counts a connection as idle before its first request too: the
	// limit must be longer than a busy machine keeps a session from sending it.
	const limit = time.Second
	var posts atomic.Int64
	cfg := http2Server(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			posts.Add(1)
		}
	}), func(srv *httptest.Server) { srv.Config.IdleTimeout = limit })
	sum := think(t, cfg, limit, 10, 5)
	if extra := posts.Load() - sum.requests.Load()/2; extra < 0 || extra > sum.retries.Load() {
		t.Errorf("the server saw %d POSTs more than there were, with %d retries", extra, sum.retries.Load())
	}
	if sum.connects.Load() <= 10 {
		t.Errorf("%d connects of 10 sessions: the server never closed one, nothing was shown", sum.connects.Load())
	}
}
