//go:build unix

package main

import (
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// slowCable is an address that leads to another one over a long way: what is sent up and down arrives so much later.
func slowCable(t *testing.T, to string, up, down time.Duration) string {
	t.Helper()
	near, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			from, err := near.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer from.Close()
				far, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer far.Close()
				var both sync.WaitGroup
				both.Go(func() { delayed(far, from, up) })
				both.Go(func() { delayed(from, far, down) })
				both.Wait()
			})
		}
	})
	t.Cleanup(func() {
		_ = near.Close()
		open.Wait()
	})
	return near.Addr().String()
}

// delayed copies what comes, so much later, and then closes both.
func delayed(to, from net.Conn, by time.Duration) {
	type piece struct {
		at   time.Time
		text []byte
	}
	pieces := make(chan piece, 1<<12)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(pieces)
		for {
			text := make([]byte, 32<<10)
			n, err := from.Read(text)
			if n > 0 {
				pieces <- piece{time.Now().Add(by), text[:n]}
			}
			if err != nil {
				return
			}
		}
	})
	for p := range pieces {
		<-time.After(time.Until(p.at))
		if _, err := to.Write(p.text); err != nil {
			break
		}
	}
	_ = to.Close()
	_ = from.Close()
	for range pieces { // until the reader has noticed
	}
	reading.Wait()
}

// A worker on a network with a round trip of more than a second starts as early or late as the run says that it may
// have: the way up takes five times as long as the way down, which no clock can see.
func TestFleetSlowNetwork(t *testing.T) {
	if !*long {
		t.Skip("half a minute of waiting; -long waits")
	}
	for _, slow := range []int{1, 2} { // of two workers
		t.Run(strconv.Itoa(slow), func(t *testing.T) {
			t.Parallel()
			slowNetwork(t, slow)
		})
	}
}

func slowNetwork(t *testing.T, slow int) {
	const (
		up, down = time.Second, 200 * time.Millisecond
		every    = 100 * time.Millisecond // of the arrivals of one worker
		margin   = 250 * time.Millisecond // of the quickest of all requests
	)
	var mu sync.Mutex
	came := [2][]time.Time{}
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if user, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/items/")); err == nil {
			mu.Lock()
			defer mu.Unlock()
			came[user%2] = append(came[user%2], time.Now())
		}
	}))
	t.Cleanup(service.Close)
	f := startFleet(t, `
version: 1
target: {url: `+service.URL+`}
profiles: {p: {rate: 20/s, arrivals: even, max_users: 200, duration: 6s, warm_up: 0s, try: false}}
users: {g: {vars: {me: '${ seq() }'}, steps: ['GET /items/${ me }']}}
judge: {decide: point}
thresholds:
  sound: {endpoints: "*", success: 99%}
`, 2)
	for k := 1; k <= 2; k++ {
		hub := f.hub
		if k > 2-slow {
			hub = slowCable(t, f.hub, up, down)
		}
		f.join(k, hub, nil)
	}
	// Each slow one may be wrong by half a round trip: of one that is a warning, of both it is more than a second.
	if code, want := f.run.exit(), 3*(slow-1); code != want {
		t.Errorf("exit code %d, want %d", code, want)
	}
	f.whole()
	f.sums()
	verdict := string(f.read(f.out("verdict.json")))
	if !strings.Contains(verdict, `"code": "shards-uneven"`) {
		t.Errorf("nothing says that the workers may not have started together:\n%s", verdict)
	}
	near, far := f.result(t).Shards[0], f.result(t).Shards[1]
	if far.StartError < (up+down)/2 || slow == 1 && near.StartError >= far.StartError {
		t.Errorf("the starts may be wrong by %s and %s, want %s for the second at least",
			near.StartError, far.StartError, (up+down)/2)
	}
	if apart := far.Started.Sub(near.Started).Abs(); apart > time.Duration(3)*result.SlotLength {
		t.Errorf("the second one began %s after the first one: it did not wait for the start", apart)
	}
	mu.Lock()
	defer mu.Unlock()
	skew := began(came[1], every).Sub(began(came[0], every)).Abs()
	most := far.Started.Sub(near.Started).Abs() + near.StartError + far.StartError
	t.Logf("apart %s, at most %s", skew, most)
	if skew > most+every+margin {
		t.Errorf("the workers began %s apart, at most %s as they say", skew, most)
	}
}

// began is when arrivals at equal distances began, by the one that was the least late.
func began(came []time.Time, every time.Duration) time.Time {
	slices.SortFunc(came, time.Time.Compare)
	first := time.Unix(0, math.MaxInt64)
	for i, at := range came {
		if at = at.Add(-time.Duration(i) * every); at.Before(first) {
			first = at
		}
	}
	return first
}
