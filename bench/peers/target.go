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
	"slices"
	"strings"
	"sync"
	"time"
)

// target says how a target answers. The zero value answers at once and keeps
// no record but the number of requests.
type target struct {
	Median, P95   time.Duration // lognormal time of service
	Freeze, Every time.Duration // answers nothing in the last Freeze of every Every since the first request
}

func (t target) flags() []string {
	return []string{
		"-median", t.Median.String(), "-p95", t.P95.String(),
		"-freeze", t.Freeze.String(), "-every", t.Every.String(),
	}
}

// longest bounds one answer, so that a run ends.
const longest = 5 * time.Second

// draw is one time of service, exp(mu + sigma*z) with z standard normal: mu is
// the logarithm of the median, and sigma = ln(p95/median)/1.6449, with
// 1.6449 the 95 % point of the standard normal distribution.
func (t target) draw(z float64) time.Duration {
	if t.Median <= 0 {
		return 0
	}
	sigma := math.Log(float64(t.P95)/float64(t.Median)) / 1.6448536269514722
	return time.Duration(min(float64(t.Median)*math.Exp(sigma*z), float64(longest)))
}

// frozen is how long the target stays frozen at a time since its first
// request.
func (t target) frozen(at time.Duration) time.Duration {
	if t.Every <= 0 {
		return 0
	}
	if at %= t.Every; at < t.Every-t.Freeze {
		return 0
	}
	return t.Every - at
}

// scheduled is the quantile q of the waits of arrivals that keep coming while
// the target freezes: the share f = Freeze/Every of them waits, evenly between
// 0 and Freeze. False where the target does not freeze, or q does not wait.
func (t target) scheduled(q float64) (time.Duration, bool) {
	if t.Every <= 0 {
		return 0, false
	}
	f := float64(t.Freeze) / float64(t.Every)
	if q <= 1-f {
		return 0, false
	}
	return time.Duration(math.Round(float64(t.Freeze) * (1 - (1-q)/f))), true
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
	first    time.Time
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
			time.Sleep(s.delay(arrived))
			if _, err := c.Write(answer); err != nil {
				return
			}
			times = append(times, time.Since(arrived))
		}
	}
}

// delay is the time of service of a request that arrives now.
func (s *server) delay(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first.IsZero() {
		s.first = now
	}
	return max(s.draw(s.chance.NormFloat64()), s.frozen(now.Sub(s.first)))
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
		return s.times[max(1, int(math.Ceil(q*float64(len(s.times)))))-1]
	}
	return record{Requests: s.requests, P50: rank(0.5), P95: rank(0.95), P99: rank(0.99)}
}
