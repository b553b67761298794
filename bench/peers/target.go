package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// target says how a target answers. The zero value answers at once and keeps
// no record but the number of requests.
type target struct {
	Median, P95   time.Duration // lognormal time of service
	Freeze, Every time.Duration // answers nothing for Freeze before the middle of every Every of a load
	Rate          int           // requests a second of that load, at equal distances
}

func (t target) flags() []string {
	return []string{
		"-median", t.Median.String(), "-p95", t.P95.String(),
		"-freeze", t.Freeze.String(), "-every", t.Every.String(), "-rate", strconv.Itoa(t.Rate),
	}
}

// longest bounds one answer, so that a run ends.
const longest = 5 * time.Second

// sigma is the deviation of the logarithm of a time of service, from
// p95 = median exp(1.6449 sigma), with 1.6449 the 95 % point of the standard
// normal distribution.
func (t target) sigma() float64 {
	return math.Log(float64(t.P95)/float64(t.Median)) / 1.6448536269514722
}

// draw is one time of service, median exp(sigma z) with z standard normal.
func (t target) draw(z float64) time.Duration {
	if t.Median <= 0 {
		return 0
	}
	return time.Duration(min(float64(t.Median)*math.Exp(t.sigma()*z), float64(longest)))
}

// mean is the mean time of service, median exp(sigma^2/2).
func (t target) mean() time.Duration {
	if t.Median <= 0 {
		return 0
	}
	return time.Duration(float64(t.Median) * math.Exp(t.sigma()*t.sigma()/2))
}

// frozen is how long the target stays frozen at a time since a load began. In the middle of
// a period no freeze is cut off by the end of a load
// that lasts whole periods, more or less.
func (t target) frozen(at time.Duration) time.Duration {
	end := t.Every / 2
	if t.Every <= 0 || at%t.Every < end-t.Freeze || at%t.Every >= end {
		return 0
	}
	return end - at%t.Every
}

// record is what the target itself knows of a run: how many requests came,
// and the times from reading a request to having written its answer. Nothing
// but the number where answers come at once: clocks would cost.
type record struct {
	Requests int64         `json:"requests"`
	P50      time.Duration `json:"p50_ns"`
	P95      time.Duration `json:"p95_ns"`
	P99      time.Duration `json:"p99_ns"`
}

func (r record) percentiles() percentiles { return percentiles{r.P50, r.P95, r.P99} }

// answer is 200 bytes.
var answer = func() []byte {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 126\r\n\r\n"
	return []byte(head + `{"text": "` + strings.Repeat("x", 126-12) + `"}`)
}()

// server answers every request in the same way. It is no HTTP server: it
// takes what stands before an empty line for a request, which is true of a GET
// and cheap, so that the core of the target is not what is measured.
type server struct {
	target
	mu       sync.Mutex
	chance   *rand.Rand
	came     int       // requests that asked for a time of service
	begun    time.Time // when the load began, by its own distances; zero: not known yet
	requests int64
	times    []time.Duration
}

// serveTarget is the target's process: it says its address, answers until
// standard input ends, and says its record.
func serveTarget(args []string, in io.Reader, out io.Writer) error {
	var t target
	flags := flag.NewFlagSet("peers target", flag.ContinueOnError)
	flags.DurationVar(&t.Median, "median", 0, "median time of service")
	flags.DurationVar(&t.P95, "p95", 0, "its 95th percentile")
	flags.DurationVar(&t.Freeze, "freeze", 0, "answer nothing for so long")
	flags.DurationVar(&t.Every, "every", 0, "so often")
	flags.IntVar(&t.Rate, "rate", 0, "requests a second that meet the freezes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, listener.Addr())
	// The same times of service in every run.
	s := &server{target: t, chance: rand.New(rand.NewPCG(1, 2))}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				all.Go(func() { s.serve(c) })
			}
		}
	})
	_, err = io.Copy(io.Discard, in)
	err = errors.Join(err, listener.Close())
	// Whoever loads has ended by now, and with it every connection.
	all.Wait()
	return errors.Join(err, json.NewEncoder(out).Encode(s.record()))
}

// serve answers on one connection until it ends.
func (s *server) serve(c net.Conn) {
	defer c.Close()
	times := s.times[:0:0]
	var requests int64
	defer func() { s.keep(requests, times) }()
	buf := make([]byte, 4096)
	for have := 0; have < len(buf); {
		n, err := c.Read(buf[have:])
		if err != nil {
			return
		}
		have += n
		for {
			head, rest, whole := bytes.Cut(buf[:have], []byte("\r\n\r\n"))
			if !whole || len(head) == 0 {
				break
			}
			have = copy(buf, rest)
			requests++
			if s.target == (target{}) {
				if _, err := c.Write(answer); err != nil {
					return
				}
				continue
			}
			arrived := time.Now()
			s.pause(s.delay(arrived))
			if _, err := c.Write(answer); err != nil {
				return
			}
			times = append(times, time.Since(arrived))
		}
	}
}

// early is how long before its end a freeze is watched instead of slept: timers
// wake up to a millisecond late, and a freeze is to end when the schedule says.
const early = 2 * time.Millisecond

// pause waits for so long; a freeze to the microsecond.
func (s *server) pause(d time.Duration) {
	if s.Every == 0 || d < early {
		time.Sleep(d)
		return
	}
	end := time.Now().Add(d)
	time.Sleep(d - early)
	for time.Now().Before(end) {
		runtime.Gosched()
	}
}

// delay is the time of service of a request that arrives now.
func (s *server) delay(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Every > 0 {
		return s.frozen(s.elapsed(now))
	}
	return s.draw(s.chance.NormFloat64())
}

// elapsed is the time since the load began, 0 before that is known. The first
// second is left out of account: a first request is late by its connection, and
// may ask only whether the target is there. In the half second after it, the
// request that was least late says when the load began, but for whole distances
// between requests, which change nothing.
func (s *server) elapsed(now time.Time) time.Duration {
	n := s.came
	s.came++
	if n >= s.Rate && n < s.Rate*3/2 {
		begun := now.Add(-time.Duration(n) * time.Second / time.Duration(s.Rate))
		if s.begun.IsZero() || begun.Before(s.begun) {
			s.begun = begun
		}
	}
	if s.begun.IsZero() {
		return 0
	}
	return now.Sub(s.begun)
}

func (s *server) keep(requests int64, times []time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests += requests
	s.times = append(s.times, times...)
}

// record is the record of a server whose connections have all ended.
func (s *server) record() record {
	slices.Sort(s.times)
	rank := func(q float64) time.Duration {
		if len(s.times) == 0 {
			return 0
		}
		return s.times[hist.Rank(q, int64(len(s.times)))-1]
	}
	return record{Requests: s.requests, P50: rank(0.5), P95: rank(0.95), P99: rank(0.99)}
}
