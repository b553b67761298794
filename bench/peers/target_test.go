package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
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

func TestMean(t *testing.T) {
	s := target{Median: 40 * ms, P95: 150 * ms}
	chance := rand.New(rand.NewPCG(1, 2))
	const n = 200_000
	var sum time.Duration
	for range n {
		sum += s.draw(chance.NormFloat64())
	}
	// The deviation of a lognormal time with sigma 0.80 is 0.95 of its mean: that
	// of the mean of n is 0.12 ms.
	if got, want := s.mean(), sum/n; (got - want).Abs() > 500*us {
		t.Errorf("mean = %v, of %d draws %v", got, n, want)
	}
}

func TestFrozen(t *testing.T) {
	s := target{Freeze: 500 * ms, Every: 5 * time.Second}
	for _, tt := range []struct {
		name     string
		at, want time.Duration
	}{
		{"at first", 0, 0},
		{"just before", 1999 * ms, 0},
		{"as it begins", 2000 * ms, 500 * ms},
		{"near its end", 2499 * ms, 1 * ms},
		{"over", 2500 * ms, 0},
		{"the third", 12100 * ms, 400 * ms},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.frozen(tt.at); got != tt.want {
				t.Errorf("frozen(%v) = %v, want %v", tt.at, got, tt.want)
			}
		})
	}
}

// The clock of the freezes begins with the load, whatever else came first and
// however late single requests are.
func TestElapsed(t *testing.T) {
	start := time.Unix(0, 0)
	for _, tt := range []struct {
		name  string
		early time.Duration // a request that is none of the load
	}{
		{"nothing before", 0},
		{"a question before", 130 * ms},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &server{target: target{Freeze: 500 * ms, Every: 5 * time.Second, Rate: 200}}
			if tt.early > 0 {
				s.delay(start.Add(-tt.early))
			}
			for i := range 400 {
				late := time.Duration(i%7) * 300 * us
				if i == 0 {
					late = 3 * ms // its connection
				}
				s.delay(start.Add(time.Duration(i)*5*ms + late))
			}
			if off := s.begun.Sub(start) % (5 * ms); off != 0 {
				t.Errorf("the clock begins %v after an arrival, want at one", off)
			}
			if off := s.begun.Sub(start).Abs(); off > 5*ms {
				t.Errorf("the clock begins %v off, want no more than one arrival", off)
			}
		})
	}
}

// The schedule's truth against waits in closed form.
func TestScheduled(t *testing.T) {
	s := scenarios[slices.IndexFunc(scenarios, func(s scenario) bool { return s.target.Every > 0 })]
	plain := s
	plain.target.Every = 5 * time.Second
	short := s.lasting(1)
	for _, tt := range []struct {
		name string
		s    scenario
		q    float64
		want time.Duration
	}{
		// Four freezes, each a quarter of an arrival earlier: 400 waits, 1.25 ms
		// apart from 0.625 ms on, the 200th and the 360th of them.
		{"p95", s, 0.95, 625*us + 199*1250*us},
		{"p99", s, 0.99, 625*us + 359*1250*us},
		// In step: four waits each of 5, 10, ... 500 ms.
		{"p95 in step", plain, 0.95, 250 * ms},
		{"p99 in step", plain, 0.99, 450 * ms},
		// One freeze of 100 waits, 5 ms apart from 4.375 ms on.
		{"p95 of a short one", short, 0.95, 4375*us + 49*5*ms},
		{"a median", s, 0.5, 0},
		{"no freeze", scenario{rate: 200, duration: time.Second}, 0.99, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := tt.s.scheduled(tt.q); got != tt.want || ok != (tt.want > 0) {
				t.Errorf("scheduled(%v) = %v, %v, want %v", tt.q, got, ok, tt.want)
			}
		})
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
