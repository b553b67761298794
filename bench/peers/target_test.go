package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ms = time.Millisecond

func TestDraw(t *testing.T) {
	s := target{Median: 40 * ms, P95: 150 * ms}
	for _, tt := range []struct {
		name string
		z    float64
		want time.Duration
	}{
		{"the median", 0, 40 * ms},
		{"the 95th percentile", 1.6448536269514722, 150 * ms},
		{"as far below", -1.6448536269514722, 40 * ms * 40 / 150},
		{"bounded", 100, longest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.draw(tt.z); (got - tt.want).Abs() > time.Microsecond {
				t.Errorf("draw(%v) = %v, want %v", tt.z, got, tt.want)
			}
		})
	}
	if got := (target{}).draw(1); got != 0 {
		t.Errorf("draw of a target that answers at once = %v, want 0", got)
	}
}

func TestFrozen(t *testing.T) {
	s := target{Freeze: 500 * ms, Every: 5 * time.Second}
	for _, tt := range []struct {
		name     string
		at, want time.Duration
	}{
		{"at first", 0, 0},
		{"just before", 4499 * ms, 0},
		{"as it begins", 4500 * ms, 500 * ms},
		{"near its end", 4999 * ms, 1 * ms},
		{"over", 5000 * ms, 0},
		{"the third", 14600 * ms, 400 * ms},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.frozen(tt.at); got != tt.want {
				t.Errorf("frozen(%v) = %v, want %v", tt.at, got, tt.want)
			}
		})
	}
}

// The formula against arrivals that keep coming.
func TestScheduled(t *testing.T) {
	s := target{Freeze: 500 * ms, Every: 5 * time.Second}
	var waits []time.Duration
	chance := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		waits = append(waits, s.frozen(time.Duration(chance.Int64N(int64(20*time.Second)))))
	}
	slices.Sort(waits)
	for _, tt := range []struct {
		q    float64
		want time.Duration
	}{{0.95, 250 * ms}, {0.99, 450 * ms}} {
		got, ok := s.scheduled(tt.q)
		if !ok || got != tt.want {
			t.Errorf("scheduled(%v) = %v, %v, want %v", tt.q, got, ok, tt.want)
		}
		// Waits are even, so a rank has a standard error of
		// Freeze/f*sqrt(q(1-q)/n), at most 2.5 ms here.
		if drawn := waits[int(math.Ceil(tt.q*float64(len(waits))))-1]; (drawn - got).Abs() > 8*ms {
			t.Errorf("quantile %v of arrivals = %v, want %v", tt.q, drawn, got)
		}
	}
	if got, ok := s.scheduled(0.5); ok {
		t.Errorf("scheduled(0.5) = %v, want none: nine of ten do not wait", got)
	}
	if got, ok := (target{}).scheduled(0.99); ok {
		t.Errorf("scheduled(0.99) of a target that never freezes = %v, want none", got)
	}
}

// A target over its own face: an address, answers, a record.
func TestServeTarget(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		timed bool
	}{
		{"at once", target{}.flags(), false},
		{"lognormal", target{Median: us, P95: 2 * us}.flags(), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in, stop := io.Pipe()
			said, out := io.Pipe()
			var all sync.WaitGroup
			all.Go(func() {
				if err := serveTarget(tt.args, in, out); err != nil {
					t.Error(err)
				}
			})
			defer all.Wait()
			lines := bufio.NewReader(said)
			address, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Transport: &http.Transport{}}
			for range 20 {
				response, err := client.Get(fmt.Sprintf("http://%s/", strings.TrimSpace(address)))
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				if err != nil || !json.Valid(body) {
					t.Fatalf("body = %q, %v; want JSON", body, err)
				}
				response.Body.Close()
			}
			client.CloseIdleConnections()
			stop.Close()
			var kept record
			if err := json.NewDecoder(lines).Decode(&kept); err != nil {
				t.Fatal(err)
			}
			if kept.Requests != 20 {
				t.Errorf("record.Requests = %d, want 20", kept.Requests)
			}
			if timed := kept.P50 > 0 && kept.P95 >= kept.P50 && kept.P99 >= kept.P95; timed != tt.timed {
				t.Errorf("record = %+v, want times: %v", kept, tt.timed)
			}
		})
	}
}
