package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/cli/web"
	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// load is 60 s of 20 endpoints.
func load(t *testing.T) *plan.Plan {
	t.Helper()
	var text strings.Builder
	text.WriteString(`version: 1
name: shop
target: {url: "http://127.0.0.1:1"}
profiles: {p: {users: 40, spawn_rate: 40/s, duration: 60s, warm_up: 0s}}
thresholds: {all: {endpoints: "*", success: 99%, p95: 1s}, each: {endpoints: "GET /products/*", p95: 200ms}}
users:
  g:
    wait: 100ms..300ms
    steps:
`)
	for i := range 20 {
		fmt.Fprintf(&text, "      - GET /products/%d\n", i)
	}
	s, err := thresholds.Decode([]byte(text.String()), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// user answers after a time that the number of its request decides.
type user struct{ n int }

func (u *user) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	u.n++
	time.Sleep(time.Duration(20+u.n%37) * time.Millisecond)
	x.Status, x.Received = 200, 100
	if u.n%97 == 0 {
		x.Status = 503
	}
}

func (u *user) Close() {}

// made is the load, made in a bubble: its result and every second of it.
func made(t *testing.T, p *plan.Plan) (*result.Result, []*result.Slice) {
	t.Helper()
	r := p.Result("test", time.Unix(0, 0).UTC())
	var all []*result.Slice
	synctest.Test(t, func(t *testing.T) {
		e := engine.Engine{Dial: func(int) engine.Doer { return &user{} },
			Second: func(s *result.Slice, _ *result.Result) { all = append(all, s) }}
		if err := e.Run(t.Context(), p, r); err != nil {
			t.Fatal(err)
		}
	})
	return r, all
}

// viewer is a browser that follows a show: it says how much it received, and each time that it did.
type viewer struct {
	received chan int
	text     strings.Builder // unpacked
}

func newViewer(t *testing.T, s *web.Show) *viewer {
	t.Helper()
	server, err := live.Listen(live.Options{Address: "127.0.0.1:0", Page: s.Page, Files: s.Files()})
	if err != nil {
		t.Fatal(err)
	}
	at, key, _ := strings.Cut(server.URL(), "#key=")
	answer, err := http.Post(at+"key", "text/plain", strings.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	r, err := http.NewRequest("GET", at+"events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(answer.Cookies()[0])
	r.Header.Set("Accept-Encoding", "gzip")
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	v := &viewer{received: make(chan int, 10000)}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer stream.Body.Close()
		defer close(v.received)
		unpacked, err := gzip.NewReader(counted{stream.Body, v.received})
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.Copy(&v.text, unpacked)
	})
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		reading.Wait()
	})
	return v
}

type counted struct {
	from io.Reader
	say  chan<- int
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	if n > 0 {
		c.say <- n
	}
	return n, err
}

// A show changes nothing of the run that it shows, and sends a browser little.
func TestShow(t *testing.T) {
	p := load(t)
	alone, seconds := made(t, p)
	s := web.NewShow("shop", nil, nil, nil)
	v := newViewer(t, s)
	total := <-v.received // that it is connected

	seen := p.Result("test", time.Unix(0, 0).UTC())
	s.Begin(p, seen)
	for _, second := range seconds {
		if err := seen.Append(second); err != nil {
			t.Fatal(err)
		}
		var judged *experiment.SoFar
		if (second.Moment.Slot+1)%10 == 0 {
			judged = experiment.NewSoFar(p, seen)
		}
		s.Second(second, seen, judged)
		total += <-v.received
	}
	s.End(nil)
	seen.End = alone.End
	judged := gate.Judge(evidence.Input{Result: seen, Config: p.Config})
	s.Verdict(content.NewView(seen, judged, content.Options{Config: p.Config}))

	var want, got bytes.Buffer
	if err := errors.Join(alone.Encode(&want), seen.Encode(&got)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Error("the run that was shown has another result than the one that was not")
	}
	each := total / len(seconds)
	t.Logf("a browser receives %d bytes a second", each)
	if each > 2048 {
		t.Errorf("a browser receives %d bytes a second", each)
	}
}

// What can be downloaded is of the last judgement, and there is none before it.
func TestFiles(t *testing.T) {
	p := load(t)
	r, _ := made(t, p)
	s := web.NewShow("shop", nil, nil, nil)
	for _, f := range s.Files() {
		if err := f.Write(io.Discard); !errors.Is(err, live.ErrNone) {
			t.Errorf("%s before the run: %v", f.Name, err)
		}
	}
	s.Begin(p, p.Result("test", time.Unix(0, 0).UTC()))
	judged := gate.Judge(evidence.Input{Result: r, Config: p.Config})
	s.Verdict(content.NewView(r, judged, content.Options{Config: p.Config}))
	for _, f := range s.Files() {
		var text strings.Builder
		if err := f.Write(&text); err != nil || text.Len() == 0 {
			t.Errorf("%s: %d bytes, %v", f.Name, text.Len(), err)
		}
	}
	s.Begin(p, p.Result("test", time.Unix(60, 0).UTC()))
	for _, f := range s.Files() {
		if err := f.Write(io.Discard); !errors.Is(err, live.ErrNone) {
			t.Errorf("%s of the next run, before it is judged: %v", f.Name, err)
		}
	}
}

// A name that no browser can send as that of a server is refused before anything listens.
func TestNames(t *testing.T) {
	page := web.NewShow("shop", nil, nil, nil).Page
	for name, ok := range map[string]bool{"perf.example.com": true, "PERF": true, "ci_1": true, "10.0.0.5": true,
		"fe80::1": true, "http://perf": false, "perf:8089": false, "a b": false, "perf/": false, "[fe80::1]": false,
		"-perf": false, "pérf": false, "perf\n": false, "": false, strings.Repeat("x", 254): false} {
		server, err := web.Listen("--web", live.Options{Address: "127.0.0.1:0", Page: page, Names: []string{name}})
		if err == nil {
			err = server.Close()
		} else if !strings.HasPrefix(err.Error(), "--web-host ") {
			t.Errorf("%q: %v", name, err)
		}
		if (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Every word for the state of a limit is explained above the limits.
func TestWordsOfRules(t *testing.T) {
	p := load(t)
	r, _ := made(t, p)
	v := content.NewView(r, experiment.NewSoFar(p, r).Verdict(),
		content.Options{All: true, Config: p.Config, Confidence: p.Config.Judge.Confidence})
	words := map[string]bool{}
	for _, s := range webpage.NewLive(p, r, 0).Judged(v) {
		if s.ID != "rules" {
			continue
		}
		for _, row := range s.Parts[0].Table.Rows {
			words[row.Cells[0].Text] = true
			if !strings.Contains(s.Lead, row.Cells[0].Text) {
				t.Errorf("%q does not explain %s", s.Lead, row.Cells[0].Text)
			}
		}
	}
	if !words["OPEN"] || !words["HOLDS"] {
		t.Errorf("the run shows only %v", words)
	}
}
