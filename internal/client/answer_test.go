package client_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

// The time that loadgate takes to unpack a body is no latency of the service, whatever
// is spoken.
func TestUnpackingIsNoLatency(t *testing.T) {
	packed := zipped(strings.Repeat("0123456789abcdef", 4<<20))
	began := time.Now()
	plain, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, plain); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	for _, w := range append(over2(), ways()[0]) {
		cfg := w.serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, packed)
		})
		cfg.MaxBody = 1 << 30
		x := do(t, session(t, cfg), &client.Request{KeepBody: true})
		if after := time.Since(x.Done); after < took/20 || len(x.Body) != 64<<20 {
			t.Errorf("%s: Do returned %s after Done, although to unpack %d bytes takes about %s",
				w.name, after, len(x.Body), took)
		}
	}
}

// An answer that has no body has none, whatever length its head announces.
func TestHTTP2AnswersWithoutABody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, status, length string }{
		{"GET", "304", "7"}, {"GET", "204", "7"}, {"HEAD", "200", "7"}, {"GET", "304", "999999999"},
	} {
		s := session(t, client.Config{HTTP: target.H2C, BaseURL: listen(t, held(func(f *frames, id uint32) {
			f.head(id, true, ":status", tt.status, "content-length", tt.length)
		}))})
		x := do(t, s, &client.Request{Method: tt.method, KeepBody: true})
		if len(x.Body) != 0 || x.Header("Content-Length") != tt.length {
			t.Errorf("%+v: Do = %q with a length of %q", tt, x.Body, x.Header("Content-Length"))
		}
	}
}

// Sixteen interim answers are taken, and no more.
func TestInterimAnswers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]metric.Failure{16: metric.OK, 17: metric.Body} {
		for name, cfg := range map[string]client.Config{
			"HTTP/1.1": {BaseURL: listen(t, answers(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", n)+okEmpty))},
			"h2c": {HTTP: target.H2C, BaseURL: listen(t, held(func(f *frames, id uint32) {
				for range n {
					f.head(id, false, ":status", "103")
				}
				f.head(id, true, ":status", "200")
			}))},
		} {
			var x client.Exchange
			session(t, cfg).Do(t.Context(), &client.Request{}, &x)
			if x.Failure != want {
				t.Errorf("%s: %d interim answers: %v %q, want %v", name, n, x.Failure, x.Detail, want)
			}
		}
	}
}

// Several Server-Timing headers are one list, and the rest of the head stays.
func TestServerTiming(t *testing.T) {
	t.Parallel()
	for _, w := range append(over2(), ways()[0]) {
		s := session(t, w.serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Server-Timing"] = strings.Split(r.URL.RawQuery, "|")
			w.Header().Set("X-After", "after")
		}))
		for sent, want := range map[string]string{
			"db;dur=5": "db;dur=5", "db;dur=5,app|db;dur=7|x": "db;dur=5,app,db;dur=7,x", "": "",
		} {
			x := do(t, s, &client.Request{Target: "/?" + sent})
			for range 2 {
				if got := x.ServerTiming(); !bytes.Equal(got, []byte(want)) {
					t.Errorf("%s: ServerTiming() = %q, want %q", w.name, got, want)
				}
			}
			if got := x.Header("X-After"); got != "after" {
				t.Errorf("%s: the header behind it is %q", w.name, got)
			}
		}
	}
}
