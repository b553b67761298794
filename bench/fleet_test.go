package bench_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// fleetFile is a load of 20 endpoints for at most a thousand workers.
func fleetFile(seconds int) []byte {
	var text strings.Builder
	text.WriteString(`version: 1
target: {url: "http://127.0.0.1:1"}
profiles: {p: {users: 1000, spawn_rate: 1000/s, duration: ` + strconv.Itoa(seconds) + `s, warm_up: 0s}}
thresholds: {all: {endpoints: "*", p95: 1s}}
users:
  g:
    wait: 1s
    steps:
`)
	for i := range 20 {
		fmt.Fprintf(&text, "      - GET /%d\n", i)
	}
	return []byte(text.String())
}

// crowd are the workers of a fleet in another process. What they measure is made up, and encoded once for all; what
// they say is what a worker says.
type crowd struct {
	Hub     string
	Secret  string
	Workers int
	Rate    int // requests of each in a second
}

const crowdVariable = "LOADGATE_BENCH_CROWD"

// TestCrowd is that process: BenchmarkFleet starts it.
func TestCrowd(t *testing.T) {
	text := os.Getenv(crowdVariable)
	if text == "" {
		t.Skip("the other process of BenchmarkFleet")
	}
	var c crowd
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	secret, err := fleet.ParseSecret(c.Secret)
	if err != nil {
		t.Fatal(err)
	}
	s, err := thresholds.Decode(fleetFile(fleetSeconds), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines [][][]byte
	for _, journal := range madeUp(c.Rate, fleetSeconds) {
		var messages [][]byte
		for i, text := range journal {
			message, err := fleet.EncodeLine(fleet.Line{K: 1, Round: 1, Number: i + 1, Text: text})
			if err != nil {
				t.Fatal(err)
			}
			messages = append(messages, message)
		}
		lines = append(lines, messages)
	}
	failed := make(chan error, c.Workers)
	for range c.Workers {
		go func() {
			w := member{config: s, lines: lines}
			failed <- w.work(t.Context(), c.Hub, secret)
		}()
	}
	for range c.Workers {
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
	}
}

// fleetSeconds is how long the load lasts.
const fleetSeconds = 20

// madeUp are journals of a service with 20 endpoints, of which each has another head.
func madeUp(rate, seconds int) []texts {
	journals := make([]texts, 8)
	chance := rand.New(rand.NewPCG(1, 2))
	for version := range journals {
		journal := result.NewJournal(&journals[version], &result.Result{})
		recorder := measure.NewRecorder(20, 1)
		for second := range seconds {
			for i := range rate {
				took := time.Duration(30e6 * math.Exp(0.3*chance.NormFloat64()))
				recorder.Lane(0).Record(measure.Sample{Endpoint: i % 20,
					Ended: time.Duration(second) * result.SlotLength, Latency: took, Received: 500})
			}
			journal.Slice(recorder.Cut(second, 1))
		}
		_ = journal.End(result.Complete) // what it writes to never fails
	}
	return journals
}

// texts are what was written.
type texts [][]byte

func (t *texts) Write(line []byte) (int, error) {
	*t = append(*t, bytes.Clone(line))
	return len(line), nil
}

// member is one worker of a crowd.
type member struct {
	config *config.Config
	lines  [][][]byte
	conn   *link.Conn
	seat   fleet.Welcome

	mu    sync.Mutex
	lease fleet.Lease
	sent  [][]byte
}

// work joins and works. Machines of one image have one name.
func (m *member) work(ctx context.Context, hub string, secret fleet.Secret) (err error) {
	m.conn, err = link.Join(hub, secret, nil)
	for errors.Is(err, link.ErrUnreachable) {
		m.conn, err = link.Join(hub, secret, nil)
	}
	if err != nil {
		return err
	}
	defer m.conn.Close()
	key, err := link.NewKey()
	if err != nil {
		return err
	}
	me := fleet.Join{Name: "runner", Version: "bench", Protocol: fleet.Protocol, Cores: 2, Key: key.Public()}
	if m.seat, err = ask[fleet.Welcome](ctx, m.conn, fleet.JoinSubject, me); err != nil {
		return err
	}
	own := fleet.Ask{K: m.seat.K, Seat: m.seat.Seat}
	piece, err := ask[fleet.Piece](ctx, m.conn, fleet.FilesSubject(m.seat.Run), own)
	if err == nil {
		_, err = key.Open(piece.Sealed, m.seat.Key)
	}
	if err = errors.Join(err,
		link.Hear(m.conn, fleet.LeaseSubject(m.seat.Run), fleet.Lease.Check, m.hear),
		link.Hear(m.conn, fleet.ResendSubject(m.seat.Run, m.seat.K), fleet.Resend.Check, m.resend)); err != nil {
		return err
	}
	status := fleet.Status{K: m.seat.K, Seat: m.seat.Seat}
	begun := false
	for tick := time.Tick(time.Second); ; <-tick {
		m.mu.Lock()
		l := m.lease
		m.mu.Unlock()
		switch {
		case l.State == fleet.Over:
			return nil
		case l.State == fleet.Waiting && l.Round > 0 && status.Round == 0:
			r, err := ask[fleet.Round](ctx, m.conn, fleet.RoundSubject(m.seat.Run), own)
			if err != nil {
				return err
			}
			status.Round, status.Digest = r.Number, r.Digest
		case l.State == fleet.Armed && !begun:
			begun = true
			go m.load(ctx, l)
		}
		if err := m.conn.Publish(fleet.StatusSubject(m.seat.Run), status); err != nil {
			return err
		}
	}
}

// ask asks until there is an answer.
func ask[A link.Message](ctx context.Context, c *link.Conn, subject string, question any) (A, error) {
	for {
		answer, err := link.Ask[A](ctx, c, subject, question)
		if !errors.Is(err, link.ErrUnreachable) {
			return answer, err
		}
	}
}

func (m *member) hear(l fleet.Lease) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lease = l
}

func (m *member) resend(r fleet.Resend) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, message := range m.sent[min(r.From-1, len(m.sent)):] {
		m.publish(message)
	}
}

func (m *member) publish(message []byte) {
	_ = m.conn.PublishBytes(fleet.JournalSubject(m.seat.Run, m.seat.K), message) // it is asked for again
}

// load sends a line a second, in its part of it, from the start on.
func (m *member) load(ctx context.Context, l fleet.Lease) {
	late := spread * time.Duration(m.seat.K-1) / time.Duration(m.seat.N)
	p, err := plan.New(m.config, plan.Options{Shard: plan.Shard{K: m.seat.K, N: m.seat.N}})
	if err != nil {
		return
	}
	var head texts
	result.NewJournal(&head, p.Result("bench", l.Started))
	of := fleet.Line{K: m.seat.K, Round: l.Round, Number: 1, Text: head[0]}
	first, err := fleet.EncodeLine(of)
	if err != nil {
		return
	}
	start := time.Now().Add(time.Until(l.Started) + late)
	for second, message := range append([][]byte{first}, m.lines[m.seat.K%len(m.lines)][1:]...) {
		select {
		case <-time.After(time.Until(start.Add(min(time.Duration(second), fleetSeconds) * result.SlotLength))):
		case <-ctx.Done():
			return
		}
		message = bytes.Clone(message)
		binary.BigEndian.PutUint32(message[0:], uint32(m.seat.K))
		binary.BigEndian.PutUint32(message[4:], uint32(m.seat.Seat))
		m.mu.Lock()
		m.sent = append(m.sent, message)
		m.publish(message)
		m.mu.Unlock()
	}
}

// usual is how many requests a worker sends in a second.
const usual = 1000

// BenchmarkFleet measures what workers cost the machine of the run: the real hub and the real coordinator are in this
// process, and the workers in another one, over TLS. Each worker needs a connection and a journal, and so two of the
// files that a process may open; Go raises that limit to what the system allows.
func BenchmarkFleet(b *testing.B) {
	for _, workers := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) { benchmarkFleet(b, workers, usual) })
	}
	for _, rate := range []int{10, usual, 100_000} {
		b.Run(fmt.Sprintf("requests=%d", rate), func(b *testing.B) { benchmarkFleet(b, 100, rate) })
	}
}

func benchmarkFleet(b *testing.B, workers, rate int) {
	for b.Loop() {
		c, err := measureFleet(b, workers, rate)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(100*c.cores, "%core")
		b.ReportMetric(c.memory/1e6, "MB")
		b.ReportMetric(c.bytes, "B/worker/s")
		b.ReportMetric(c.late.Seconds(), "s-late")
		b.ReportMetric(c.join.Seconds(), "s-to-start")
	}
}

var long = flag.Bool("long", false, "run a thousand workers, too")

// A thousand workers join, none is lost, all that they sent is counted, and each costs no more bytes than one of ten.
func TestThousandWorkers(t *testing.T) {
	if !*long {
		t.Skip("a minute of two processors; -long takes it")
	}
	few, err := measureFleet(t, 10, usual)
	if err != nil {
		t.Fatal(err)
	}
	many, err := measureFleet(t, 1000, usual)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("of 10 workers: %+v", few)
	t.Logf("of 1000 workers: %+v", many)
	if many.bytes > 1.5*few.bytes {
		t.Errorf("a worker of 1000 costs %.0f bytes a second, and one of 10 %.0f", many.bytes, few.bytes)
	}
}

// cost is what a fleet costs the machine of the run.
type cost struct {
	cores  float64
	memory float64       // bytes, at most
	bytes  float64       // of a worker and second, both ways
	late   time.Duration // until a second was in the sum, at most, since its last line was sent
	join   time.Duration // until the start
}

// reading is what a process has used.
type reading struct {
	at    time.Time
	cpu   float64 // seconds
	bytes uint64  // that the workers have read and written
}

// measureFleet makes a run. It is an error where a worker was lost or a request was not counted.
func measureFleet(tb testing.TB, workers, rate int) (c cost, err error) {
	debug.FreeOSMemory() // what another run has left
	p := planOf(tb, string(fleetFile(fleetSeconds)))

	h, err := hub.Start("127.0.0.1:0")
	if err != nil {
		return c, err
	}
	defer h.Close()
	conn, err := h.Connect()
	if err != nil {
		return c, err
	}
	defer conn.Close()
	files := fleet.Files{"thresholds.yaml": fleetFile(fleetSeconds)}
	lead, err := coordinator.New(conn, coordinator.Options{
		Load:    coordinator.Load{File: "thresholds.yaml", Files: files},
		Workers: workers, Version: "bench", Within: 2 * time.Minute,
	})
	if err != nil {
		return c, err
	}
	begun := time.Now()
	other, err := start(crowd{h.Address(), h.Secret().Text(), workers, rate})
	if err != nil {
		return c, err
	}
	defer func() {
		lead.Close(h.Workers)
		if failed := other.Wait(); failed != nil {
			err = errors.Join(err, fmt.Errorf("the workers: %w: %s", failed, other.Stdout))
		}
	}()
	own, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return c, err
	}
	theirs, err := process.NewProcess(int32(other.Process.Pid))
	if err != nil {
		return c, err
	}
	var first, last reading
	read := func() (reading, error) {
		cpu, err := own.Times()
		if err != nil {
			return reading{}, err
		}
		io, err := theirs.IOCounters()
		if err != nil {
			return reading{}, err
		}
		m, err := own.MemoryInfo()
		if err != nil {
			return reading{}, err
		}
		c.memory = max(c.memory, float64(m.RSS))
		return reading{time.Now(), cpu.User + cpu.System, io.ReadBytes + io.WriteBytes}, nil
	}
	folder := tb.TempDir()
	r := p.Result("bench", time.Now())
	var broken error
	machine := lead.Machine(coordinator.Watch{
		Journal: func(k int) (io.WriteCloser, error) {
			return os.Create(filepath.Join(folder, fmt.Sprintf("%d.ndjson", k)))
		},
		Second: func(s *result.Slice, r *result.Result) {
			now, err := read()
			if broken = errors.Join(broken, err); first.at.IsZero() {
				first = now
			}
			last = now
			end := r.Started.Add(time.Duration(s.Moment.Slot+1) * result.SlotLength)
			c.late = max(c.late, now.at.Sub(end)-spread*time.Duration(workers-1)/time.Duration(workers))
		},
	})
	if err := errors.Join(machine(tb.Context(), experiment.Hooks{}, p, r), broken); err != nil {
		return c, err
	}
	if want := int64(workers*rate) * int64(p.Duration/result.SlotLength); requests(r) != want {
		return c, fmt.Errorf("%d requests were counted of %d", requests(r), want)
	}
	if r.End != result.Complete {
		return c, fmt.Errorf("the run ended %s", r.End)
	}
	seconds := last.at.Sub(first.at).Seconds()
	c.cores = (last.cpu - first.cpu) / seconds
	c.bytes = float64(last.bytes-first.bytes) / seconds / float64(workers)
	c.join = r.Started.Sub(begun)
	return c, nil
}

// spread is the part of a second over which the workers send.
const spread = 800 * time.Millisecond

// requests is how many were counted.
func requests(r *result.Result) int64 {
	n := int64(0)
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			n += s.Requests
		}
	}
	return n
}

// start starts the workers in a process of their own.
func start(c crowd) (*exec.Cmd, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-test.run", "^TestCrowd$", "-test.timeout", "10m")
	cmd.Env = append(os.Environ(), crowdVariable+"="+string(text))
	cmd.Stdout = new(strings.Builder) // what failed there
	return cmd, cmd.Start()
}

// BenchmarkResume measures how long another coordinator needs until it is where the one before was: it reads the
// journals of 100 workers with 15 minutes each. They are whole, so that it also makes the result.
func BenchmarkResume(b *testing.B) {
	const workers, seconds = 100, 15 * 60
	file := fleetFile(seconds)
	p := planOf(b, string(file))
	journals := madeUp(usual, seconds)
	began := time.Now().Add(-time.Hour)
	state := coordinator.State{
		Run: "bench", Began: began, StartAt: time.Minute, Started: began.Add(time.Minute),
		Round: fleet.Round{Number: 1, Digest: p.Digest, Options: []byte("{}")},
	}
	heads := make([]texts, workers)
	for i := range workers {
		shard, err := plan.New(p.Config, plan.Options{Shard: plan.Shard{K: i + 1, N: workers}})
		if err != nil {
			b.Fatal(err)
		}
		result.NewJournal(&heads[i], shard.Result("bench", state.Started))
		state.Members = append(state.Members, coordinator.Member{Name: fmt.Sprintf("runner-%d", i+1), Seat: i + 1})
	}
	kept := func(k int) (io.ReadCloser, error) {
		journal := journals[k%len(journals)]
		return io.NopCloser(bytes.NewReader(slices.Concat(heads[k-1][0], slices.Concat(journal[1:]...)))), nil
	}
	h, err := hub.Start("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	for b.Loop() {
		conn, err := h.Connect()
		if err != nil {
			b.Fatal(err)
		}
		c, err := coordinator.Resume(conn, coordinator.Options{
			Load:    coordinator.Load{File: "thresholds.yaml", Files: fleet.Files{"thresholds.yaml": file}},
			Workers: workers, Version: "bench",
		}, state)
		if err != nil {
			b.Fatal(err)
		}
		r := p.Result("bench", state.Started)
		if err := c.Continue(coordinator.Watch{}, kept)(b.Context(), experiment.Hooks{}, p, r); err != nil {
			b.Fatal(err)
		}
		if want := int64(workers * usual * seconds); requests(r) != want {
			b.Fatalf("%d requests were counted of %d", requests(r), want)
		}
		c.Close(func() int { return 0 })
		conn.Close()
	}
}
