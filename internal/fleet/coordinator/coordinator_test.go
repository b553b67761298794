package coordinator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/google/go-cmp/cmp"
	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/thresholds"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/fleet/worker"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// The tests wait more than they compute, so all go on at the same time; -parallel says otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

const file = `version: 1
env: [TOKEN]
target: {url: "http://127.0.0.1:1", headers: {Authorization: "Bearer ${env('TOKEN')}"}}
data: {who: {file: who.csv, pick: next}}
profiles: {p: {users: 12, spawn_rate: 100/s, duration: 3s, warm_up: 0s}}
users: {g: {wait: 100ms, steps: ["GET /a/${who.name}", GET /b]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
`

func files() fleet.Files {
	return fleet.Files{"thresholds.yaml": []byte(file), "who.csv": []byte("name\nada\nalan\n")}
}

func decode(t *testing.T, files fleet.Files, env map[string]string) *config.Config {
	t.Helper()
	c, err := thresholds.Decode(files["thresholds.yaml"], "thresholds.yaml", thresholds.Options{
		Files: files, Getenv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// quickDoer answers at once.
type quickDoer struct{}

func (quickDoer) Close() {}
func (quickDoer) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	*x = client.Exchange{Sent: time.Now(), Status: 200}
	x.Done = x.Sent.Add(time.Millisecond)
}

// fakeLoad is the load of an assignment, sent to nobody.
type fakeLoad struct {
	plan   *plan.Plan
	name   string
	host   string
	digest string // instead of the plan's
	ready  error
	begun  func()
	leave  context.CancelFunc      // interrupts the worker
	store  func(line []byte) error // the error of writing a line
}

func (l *fakeLoad) Close() error                { return nil }
func (l *fakeLoad) Ready(context.Context) error { return l.ready }

func (l *fakeLoad) Digest() string {
	if l.digest != "" {
		return l.digest
	}
	return l.plan.Digest
}

func (l *fakeLoad) Run(ctx context.Context, start worker.Start, out io.Writer, stopAt func() int) error {
	if l.begun != nil {
		l.begun()
	}
	select {
	case <-time.After(time.Until(start.At)):
	case <-ctx.Done():
		return nil
	}
	r := l.plan.Result("test", start.Started)
	r.Shards[0].Worker, r.Shards[0].StartError = l.name, start.Error
	if l.store != nil {
		out = writer{out, l.store}
	}
	journal := result.NewJournal(out, r)
	e := engine.Engine{
		Dial: func(int) engine.Doer { return quickDoer{} },
		InterimLook: func(r *result.Result) bool {
			return stopAt() > 0 && r.Elapsed >= time.Duration(stopAt())*result.SlotLength
		},
		Second: func(s *result.Slice, _ *result.Result) { journal.Slice(s) },
	}
	for at := result.SlotLength; at < l.plan.Duration; at += result.SlotLength {
		e.InterimLooks = append(e.InterimLooks, at)
	}
	if err := e.Run(ctx, l.plan, r); err != nil {
		return err
	}
	return journal.End(r.End)
}

// writer fails when failing says so.
type writer struct {
	io.Writer
	failing func(line []byte) error
}

func (w writer) Write(line []byte) (int, error) {
	if err := w.failing(line); err != nil {
		return 0, err
	}
	return w.Writer.Write(line)
}

// crew is a fleet in this process.
type crew struct {
	t           *testing.T
	hub         *hub.Hub
	coordinator *coordinator.Coordinator
	conn        *link.Conn // of the coordinator
	options     coordinator.Options
	plan        *plan.Plan
	folder      string // for journals
	saving      func() // before the state is kept; nil: nothing
	workers     sync.WaitGroup

	mu    sync.Mutex
	state coordinator.State // that was saved last
	said  []string
	errs  map[string]error // of workers that have ended, by name
}

// open starts a coordinator for a number of workers.
func open(t *testing.T, workers int, within time.Duration) *crew {
	t.Helper()
	c := &crew{t: t, folder: t.TempDir(), errs: map[string]error{}}
	var err error
	if c.hub, err = hub.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.hub.Close)
	if c.conn, err = c.hub.Connect(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.conn.Close)
	env := map[string]string{"TOKEN": "Blumen77"}
	if c.plan, err = plan.New(decode(t, files(), env), plan.Options{Seed: 7}); err != nil {
		t.Fatal(err)
	}
	c.options = coordinator.Options{
		Load:    coordinator.Load{File: "thresholds.yaml", Files: files(), Env: env},
		Workers: workers, Version: "test 1", Within: within,
		Print: func(format string, args ...any) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.said = append(c.said, fmt.Sprintf(format, args...))
		},
		Save: func(s coordinator.State) error {
			if c.saving != nil {
				c.saving()
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			c.state = s
			return nil
		},
	}
	if c.coordinator, err = coordinator.New(c.conn, c.options); err != nil {
		t.Fatal(err)
	}
	return c
}

// join starts a worker, whose load may be changed. Its connection is returned to be cut, and a channel that is
// closed when the worker has ended.
func (c *crew) join(name string, change func(*fakeLoad)) (*link.Conn, <-chan struct{}) {
	c.t.Helper()
	ended := make(chan struct{})
	conn, err := link.Join(c.hub.Address(), c.hub.Secret(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	c.workers.Go(func() {
		defer close(ended)
		defer conn.Close()
		ctx, leave := context.WithCancel(c.t.Context())
		defer leave()
		err := worker.Run(ctx, conn, worker.Options{
			Name: name, Version: "test 1", Cores: 2, Lease: 5 * time.Second, Wait: 5 * time.Second,
			Open: func(a worker.Assignment) (worker.Load, error) {
				if a.Env["TOKEN"] != "Blumen77" {
					return nil, fmt.Errorf("the token is %q", a.Env["TOKEN"])
				}
				if setup, err := engine.DecodeValues(a.Setup); err != nil || !cmp.Equal(setup, captured) {
					return nil, fmt.Errorf("setup captured %v, %w", setup, err)
				}
				var o plan.Options
				if err := json.Unmarshal(a.Options, &o); err != nil {
					return nil, err
				}
				o.Shard = plan.Shard{K: a.K, N: a.N}
				p, err := plan.New(decode(c.t, a.Files, a.Env), o)
				if err != nil {
					return nil, err
				}
				l := &fakeLoad{plan: p, name: a.Name, host: a.Host, leave: leave}
				if change != nil {
					change(l)
				}
				return l, nil
			},
			Store: func(k, round int) (worker.Store, error) {
				return os.Create(filepath.Join(c.t.TempDir(), fmt.Sprintf("%d-%d", k, round)))
			},
		})
		c.mu.Lock()
		defer c.mu.Unlock()
		c.errs[name] = err
	})
	return conn, ended
}

// captured is what setup captured, with a number that no machine's own number holds.
var captured = engine.Values{Secret: []string{"token"},
	All: map[string]any{"token": "Blumen78", "shop": json.Number("12345678901234567890"), "rows": []any{1, 2.5, nil}}}

// run makes a round.
func (c *crew) run(ctx context.Context, p *plan.Plan, hooks experiment.Hooks) (*result.Result, error) {
	r := p.Result("test", time.Now())
	machine := c.coordinator.Machine(coordinator.Watch{
		Journal: func(k int) (io.WriteCloser, error) { return os.Create(c.journal(k)) }, Setup: captured,
	})
	err := machine(ctx, hooks, p, r)
	return r, err
}

func (c *crew) journal(k int) string { return filepath.Join(c.folder, fmt.Sprintf("%d.ndjson", k)) }

// close ends the fleet, and waits for its workers.
func (c *crew) close() {
	c.coordinator.Close(c.hub.Workers)
	c.workers.Wait()
}

// merged is the sum of what the journals on the disk say.
func (c *crew) merged(workers int) *result.Result {
	c.t.Helper()
	var all []*result.Result
	for k := 1; k <= workers; k++ {
		text, err := os.ReadFile(c.journal(k))
		if err != nil {
			c.t.Fatal(err)
		}
		r, err := result.Decode(bytes.NewReader(text), "journal.ndjson")
		if err != nil {
			c.t.Fatal(err)
		}
		all = append(all, r)
	}
	sum, err := result.Merge(all...)
	if err != nil {
		c.t.Fatal(err)
	}
	return sum
}

func encoded(t *testing.T, r *result.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Two rounds of three workers, each byte for byte what their journals say.
func TestSumIsMerge(t *testing.T) {
	t.Parallel()
	c := open(t, 3, 10*time.Second)
	for k := range 3 {
		c.join(fmt.Sprintf("runner-%d", k+1), nil)
	}
	for round, p := range []*plan.Plan{c.plan, c.plan.Again()} {
		r, err := c.run(t.Context(), p, experiment.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := encoded(t, r), encoded(t, c.merged(3)); got != want {
			t.Errorf("round %d: the sum is\n%s\nand the journals say\n%s", round+1, got, want)
		}
		if r.End != result.Complete || r.Seed != p.Seed || r.Planned.Users != 12 || len(r.Shards) != 3 {
			t.Errorf("round %d: %s, seed %d, %d users, shards %v", round+1, r.End, r.Seed, r.Planned.Users, r.Shards)
		}
		for _, s := range r.Shards {
			if s.Worker == "" || s.StartError <= 0 || s.Started.Sub(r.Shards[0].Started).Abs() > time.Second {
				t.Errorf("round %d: %+v", round+1, s)
			}
		}
	}
	c.close()
	for name, err := range c.errs {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Slices on two targets in turn, as a comparison makes them, are rounds like any other.
func TestSlices(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	hosts := make(chan string, 10)
	for k := range 2 {
		c.join(fmt.Sprintf("runner-%d", k+1), func(l *fakeLoad) { hosts <- l.host })
	}
	var slices []*result.Result
	for number, host := range []string{"http://a:1", "http://b:1"} {
		p, err := c.plan.Slice(3*time.Second, time.Second, number)
		if err != nil {
			t.Fatal(err)
		}
		r := p.Result("test", time.Now())
		machine := c.coordinator.Machine(coordinator.Watch{Host: host, Setup: captured})
		if err := machine(t.Context(), experiment.Hooks{}, p, r); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := <-hosts; got != host {
				t.Errorf("slice %d is on %s, want %s", number, got, host)
			}
		}
		if r.End != result.Complete || r.Seed != c.plan.Seed+uint64(number) || r.Elapsed != 3*time.Second {
			t.Errorf("slice %d: %s after %s, seed %d", number, r.End, r.Elapsed, r.Seed)
		}
		slices = append(slices, r)
	}
	c.close()
	sum, err := result.Concat(slices...)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sum.Shards {
		if missing, ok := s.Missing(sum.Planned.Duration); !ok || missing != 0 {
			t.Errorf("shard %s lacks %s of %s", s, missing, sum.Planned.Duration)
		}
	}
}

// The workers go on while their coordinator is gone, and another one makes the same result as if it had not been.
func TestResume(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	longer := func(l *fakeLoad) {
		whole, err := plan.New(l.plan.Config, plan.Options{Seed: 7, Duration: 8 * time.Second, Shard: l.plan.Shard})
		if err != nil {
			t.Error(err)
			return
		}
		l.plan = whole
	}
	c.join("runner-1", longer)
	c.join("runner-2", longer)
	p, err := plan.New(c.plan.Config, plan.Options{Seed: 7, Duration: 8 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	first, end := context.WithCancel(t.Context())
	gone := make(chan struct{})
	var before sync.WaitGroup
	before.Go(func() {
		_, _ = c.run(first, p, experiment.Hooks{
			Looks: []time.Duration{2 * time.Second},
			Look:  func(*result.Result) bool { c.conn.Close(); close(gone); return false },
		})
	})
	<-gone
	conn, err := c.hub.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	var saved coordinator.State
	text, err := json.Marshal(c.state)
	if err == nil {
		err = json.Unmarshal(text, &saved)
	}
	if err != nil {
		t.Fatal(err)
	}
	second, err := coordinator.Resume(conn, c.options, saved)
	if err != nil {
		t.Fatal(err)
	}
	var looks []time.Duration
	r := p.Result("test", time.Now())
	err = second.Continue(coordinator.Watch{
		Journal: func(k int) (io.WriteCloser, error) {
			return os.OpenFile(c.journal(k), os.O_APPEND|os.O_WRONLY, 0)
		},
	}, func(k int) (io.ReadCloser, error) { return os.Open(c.journal(k)) })(t.Context(), experiment.Hooks{
		Looks: []time.Duration{3 * time.Second, 5 * time.Second},
		Look:  func(r *result.Result) bool { looks = append(looks, r.Elapsed); return false },
	}, p, r)
	second.Close(c.hub.Workers)
	c.workers.Wait()
	end()
	before.Wait()
	c.coordinator.Close(func() int { return 0 })
	if err != nil || r.End != result.Complete || len(r.Shards) != 2 || len(looks) != 2 {
		t.Fatalf("%s after %s, looked at %v, %v", r.End, r.Elapsed, looks, err)
	}
	for _, s := range r.Shards {
		if missing, ok := s.Missing(p.Duration); !ok || missing > 0 {
			t.Errorf("shard %s lacks %s", s, missing)
		}
	}
	if got, want := encoded(t, r), encoded(t, c.merged(2)); got != want {
		t.Errorf("the sum is\n%s\nand the journals say\n%s", got, want)
	}
	for name, err := range c.errs {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := coordinator.Resume(conn, c.options, coordinator.State{}); err == nil {
		t.Error("resumed a round that had not begun")
	}
}

// A run that goes on says of no worker that it is back before it hears of it.
func TestResumeDeserted(t *testing.T) {
	t.Parallel()
	c := open(t, 2, time.Second)
	c.coordinator.Close(func() int { return 0 })
	again, err := coordinator.Resume(c.conn, c.options, coordinator.State{
		Run: "abc", Began: time.Now(), Round: fleet.Round{Number: 1, Digest: c.plan.Digest}, StartAt: 1,
		Members: []coordinator.Member{{Name: "runner-1", Seat: 1}, {Name: "runner-2", Seat: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt() // it waits some seconds more for what workers still have
	none := func(int) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
	r := c.plan.Result("test", time.Now())
	err = again.Continue(coordinator.Watch{}, none)(interrupted, experiment.Hooks{}, c.plan, r)
	again.Close(func() int { return 0 })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the interruption", err)
	}
	want := []string{"worker runner-1 has been silent since 0:00", "worker runner-2 has been silent since 0:00"}
	if !slices.Equal(c.said, want) {
		t.Errorf("said %q, want %q", c.said, want)
	}
}

// No worker hears of the start before what another coordinator needs is kept.
func TestSavedBeforeTheStart(t *testing.T) {
	t.Parallel()
	c := open(t, 1, 10*time.Second)
	defer c.close()
	begun := make(chan struct{})
	c.saving = func() {
		select {
		case <-begun:
			t.Error("a worker has heard of the start, and nobody could go on with its run")
		case <-time.After(500 * time.Millisecond):
		}
	}
	c.join("a", func(l *fakeLoad) { l.begun = func() { close(begun) } })
	if _, err := c.run(t.Context(), c.plan, experiment.Hooks{}); err != nil {
		t.Fatal(err)
	}
}

// A look that has decided ends all workers at the same second.
func TestEarlyStop(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	slow := func(l *fakeLoad) { // the run would take a minute
		o := plan.Options{Seed: l.plan.Seed, Duration: time.Minute, Shard: l.plan.Shard}
		whole, err := plan.New(l.plan.Config, o) // its digest is that of the coordinator's plan
		if err != nil {
			t.Error(err)
			return
		}
		l.plan = whole
	}
	p, err := plan.New(c.plan.Config, plan.Options{Seed: 7, Duration: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	c.join("runner-1", slow)
	c.join("runner-2", slow)
	looked := time.Duration(0)
	r, err := c.run(t.Context(), p, experiment.Hooks{
		Looks: []time.Duration{time.Second},
		Look:  func(r *result.Result) bool { looked = r.Elapsed; return true },
	})
	c.close()
	if err != nil || looked != time.Second || r.End != result.Stopped {
		t.Fatalf("looked at %s, ended %s, %v", looked, r.End, err)
	}
	if a, b := r.Shards[0].Elapsed, r.Shards[1].Elapsed; a != b || a > 10*time.Second {
		t.Errorf("one ended at %s, the other at %s", a, b)
	}
}

// An interruption ends all workers, and what they measured is kept.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	c.join("runner-1", nil)
	c.join("runner-2", nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := c.run(ctx, c.plan, experiment.Hooks{
		Looks: []time.Duration{time.Second}, Look: func(*result.Result) bool { cancel(); return false },
	})
	c.close()
	if err != nil || r.End != result.Interrupted || r.Elapsed < time.Second || len(r.Shards) != 2 {
		t.Errorf("%s after %s with %d shards, %v", r.End, r.Elapsed, len(r.Shards), err)
	}
}

// One before the start is an interruption too, and no load is sent.
func TestInterruptedBeforeTheStart(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.join("runner-1", nil)
	c.join("runner-2", func(l *fakeLoad) { l.begun = cancel })
	_, err := c.run(ctx, c.plan, experiment.Hooks{})
	c.close()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("run = %v, want %v", err, context.Canceled)
	}
	if text, _ := os.ReadFile(c.journal(1)); len(text) > 0 {
		t.Errorf("a load was sent: %s", text)
	}
}

// A run that cannot begin sends no load and says why.
func TestNotReady(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*fakeLoad)
		want   string
	}{
		{"too few", nil, "1 of 2 workers joined within 2s: runner-1; start the others"},
		{"another load", func(l *fakeLoad) { l.digest = "other" },
			"worker runner-2 makes another load of the same file: it is test 1, and this is test 1"},
		{"no target", func(l *fakeLoad) { l.ready = errors.New("http://a:1 never answered\nin 2m") },
			"worker runner-2 cannot begin: http://a:1 never answered in 2m"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, 2, 2*time.Second)
			c.join("runner-1", nil)
			if tt.change != nil {
				c.join("runner-2", tt.change)
			}
			_, err := c.run(t.Context(), c.plan, experiment.Hooks{})
			c.close()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if text, _ := os.ReadFile(c.journal(1)); len(text) > 0 {
				t.Errorf("a load was sent: %s", text)
			}
		})
	}
}

// What setup captured has to fit into a message: no worker waits for what cannot come.
func TestLargeSetup(t *testing.T) {
	t.Parallel()
	c := open(t, 1, time.Minute)
	c.join("runner-1", nil)
	machine := c.coordinator.Machine(coordinator.Watch{
		Setup: engine.Values{All: map[string]any{"rows": strings.Repeat("x", 7<<20)}}})
	err := machine(t.Context(), experiment.Hooks{}, c.plan, c.plan.Result("test", time.Now()))
	c.close()
	if want := "setup captured 7MiB, and a worker takes at most 5.95MiB: capture less of the answers"; err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A worker that is gone for good is named, and what it said up to then counts.
func TestLost(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	c.join("runner-1", nil)
	gone, _ := c.join("runner-2", nil)
	r, err := c.run(t.Context(), c.plan, experiment.Hooks{
		Looks: []time.Duration{time.Second}, Look: func(*result.Result) bool { gone.Close(); return false },
	})
	c.close()
	if err != nil {
		t.Fatal(err)
	}
	lost := r.Shards[0]
	if lost.Worker != "runner-2" {
		lost = r.Shards[1]
	}
	if *lost.End != result.Cut || lost.Elapsed < time.Second || r.End != result.Cut {
		t.Errorf("%s %s after %s, the run %s", lost.Worker, lost.End, lost.Elapsed, r.End)
	}
	said, want := strings.Join(c.said, "\n"), "worker runner-2 is lost; what it measured up to 0:0"
	if !strings.Contains(said, want) {
		t.Errorf("said:\n%s\nwant %s", said, want)
	}
	if got, want := encoded(t, r), encoded(t, c.merged(2)); got != want {
		t.Errorf("the sum is\n%s\nand the journals say\n%s", got, want)
	}
}

// A worker that leaves before the load begins says so: while others are waited for its place is free, and then
// no load is sent.
func TestLeft(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	_, ended := c.join("runner-1", func(l *fakeLoad) { l.leave() })
	c.workers.Go(func() {
		<-ended
		c.join("runner-2", nil)
		c.join("runner-3", func(l *fakeLoad) { l.begun = l.leave })
	})
	_, err := c.run(t.Context(), c.plan, experiment.Hooks{})
	c.close()
	const want = "worker runner-3 left before the start: it was ended before the start"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if said := strings.Join(c.said, "\n"); !strings.Contains(said, "worker runner-1 left: it was interrupted") {
		t.Errorf("said:\n%s", said)
	}
	for k := 1; k <= 2; k++ {
		if text, _ := os.ReadFile(c.journal(k)); len(text) > 0 {
			t.Errorf("a load was sent: %s", text)
		}
	}
}

// A worker whose process has ended is not waited for: neither before the load nor under it.
func TestEnded(t *testing.T) {
	t.Parallel()
	killed := errors.New("signal: killed")
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		c := open(t, 2, time.Minute)
		c.join("runner-1", func(*fakeLoad) { c.workers.Go(func() { c.coordinator.Ended("runner-2", killed) }) })
		_, err := c.run(t.Context(), c.plan, experiment.Hooks{})
		c.close()
		if err == nil || err.Error() != "worker runner-2 has ended: signal: killed" {
			t.Errorf("%v", err)
		}
	})
	t.Run("under load", func(t *testing.T) {
		t.Parallel()
		c := open(t, 2, 10*time.Second)
		c.join("runner-1", nil)
		gone, _ := c.join("runner-2", nil)
		r, err := c.run(t.Context(), c.plan, experiment.Hooks{
			Looks: []time.Duration{time.Second}, Look: func(*result.Result) bool {
				gone.Close()
				c.coordinator.Ended("runner-2", killed)
				return false
			},
		})
		c.close()
		if err != nil || r.End != result.Cut {
			t.Errorf("%s, %v", r.End, err)
		}
		said := strings.Join(c.said, "\n")
		if want := "worker runner-2: it has ended: signal: killed; what it measured"; !strings.Contains(said, want) {
			t.Errorf("said:\n%s\nwant %s", said, want)
		}
	})
}

// Workers of one name get numbers, so that findings name one of them.
func TestNames(t *testing.T) {
	t.Parallel()
	c := open(t, 3, 10*time.Second)
	for range 3 {
		c.join("runner", nil)
	}
	r, err := c.run(t.Context(), c.plan, experiment.Hooks{})
	c.close()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range r.Shards {
		names[s.Worker] = true
	}
	if !names["runner"] || !names["runner (2)"] || !names["runner (3)"] {
		t.Errorf("%v", r.Shards)
	}
}

// A worker whose disk is full says so, and is not waited for.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	c.join("runner-1", nil)
	c.join("runner-2", func(l *fakeLoad) {
		lines := 0
		l.store = func([]byte) error {
			if lines++; lines > 2 {
				return errors.New("no space left\non device")
			}
			return nil
		}
	})
	began := time.Now()
	r, err := c.run(t.Context(), c.plan, experiment.Hooks{})
	c.close()
	if took := time.Since(began); err != nil || r.End != result.Cut || took > 30*time.Second {
		t.Errorf("%s after %s, %v", r.End, took, err)
	}
	const want = "worker runner-2: no space left on device; what it measured up to 0:01 counts"
	if said := strings.Join(c.said, "\n"); !strings.Contains(said, want) {
		t.Errorf("said:\n%s\nwant %s", said, want)
	}
}

// A worker that contradicts itself is not counted from then on, and the others are.
func TestHostileWorker(t *testing.T) {
	t.Parallel()
	c := open(t, 2, 10*time.Second)
	c.join("runner-1", nil)
	c.join("runner-2", func(l *fakeLoad) {
		whole, err := plan.New(l.plan.Config, plan.Options{Seed: 8, Shard: l.plan.Shard}) // of another run
		if err != nil {
			t.Error(err)
			return
		}
		l.plan, l.digest = whole, l.plan.Digest
	})
	r, err := c.run(t.Context(), c.plan, experiment.Hooks{})
	c.close()
	if err != nil || len(r.Shards) != 2 {
		t.Fatalf("%+v, %v", r.Shards, err)
	}
	for _, s := range r.Shards {
		if counted := s.Elapsed > 0; counted != (s.Worker == "runner-1") {
			t.Errorf("%s: %s counts", s, s.Elapsed)
		}
	}
	if got, want := encoded(t, r), encoded(t, c.merged(2)); got != want {
		t.Errorf("the sum is\n%s\nand the journals say\n%s", got, want)
	}
	if said := strings.Join(c.said, "\n"); !strings.Contains(said, "it is of another run: its seed is 8") {
		t.Errorf("said:\n%s", said)
	}
}

// dial joins the hub as a program of its own, which may say anything.
func (c *crew) dial() *link.Conn {
	c.t.Helper()
	conn, err := link.Join(c.hub.Address(), c.hub.Secret(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return conn
}

// place asks for a part until there is one, as a worker that says nothing more.
func place(t *testing.T, conn *link.Conn, name string) fleet.Welcome {
	t.Helper()
	key, err := link.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	me := fleet.Join{Name: name, Version: "test 1", Protocol: fleet.Protocol, Cores: 1, Key: key.Public()}
	for {
		w, err := link.Ask[fleet.Welcome](t.Context(), conn, fleet.JoinSubject, me)
		if err != nil {
			t.Fatal(err)
		}
		if w.Refused == "" {
			return w
		}
		<-time.After(100 * time.Millisecond)
	}
}

// A part that nobody has is given before that of a silent worker, who may be busy joining.
func TestFreePartFirst(t *testing.T) {
	t.Parallel()
	c := open(t, 3, 10*time.Second)
	defer c.close()
	conn := c.dial()
	defer conn.Close()
	place(t, conn, "a")
	place(t, conn, "b")
	left := place(t, conn, "c")
	if d := place(t, conn, "d"); d.K != 1 { // waits until a was silent for too long, and so were b and c
		t.Fatalf("d has part %d", d.K)
	}
	gone := fleet.Status{K: left.K, Seat: left.Seat, Left: true, Error: "interrupted"}
	if err := conn.Publish(fleet.StatusSubject(left.Run), gone); err != nil {
		t.Fatal(err)
	}
	for refused := ""; !strings.Contains(refused, "another worker"); {
		r, err := link.Ask[fleet.Round](t.Context(), conn, fleet.RoundSubject(left.Run),
			fleet.Ask{K: left.K, Seat: left.Seat})
		if err != nil {
			t.Fatal(err)
		}
		refused = r.Refused
	}
	if e := place(t, conn, "e"); e.K != left.K {
		t.Errorf("e has part %d, and %d is free", e.K, left.K)
	}
}

// Of many workers that are there some are named.
func TestManyNames(t *testing.T) {
	t.Parallel()
	c := open(t, 13, time.Second)
	defer c.close()
	conn := c.dial()
	defer conn.Close()
	for range 12 {
		place(t, conn, "runner")
	}
	_, err := c.run(t.Context(), c.plan, experiment.Hooks{})
	if err == nil || !strings.Contains(err.Error(), "12 of 13 workers joined within 1s: runner, runner (2), ") ||
		!strings.Contains(err.Error(), ", runner (10), and 2 more; start the others") {
		t.Error(err)
	}
}

// A worker that was silent before the start loses its part to another one, and gets nothing of it any more.
func TestSeat(t *testing.T) {
	t.Parallel()
	c := open(t, 1, 10*time.Second)
	defer c.close()
	conn := c.dial()
	defer conn.Close()
	leases := make(chan fleet.Lease, 100)
	first := place(t, conn, "first")
	second := place(t, conn, "second") // waits until the first was silent for too long
	if first.K != second.K || first.Seat == second.Seat {
		t.Fatalf("parts %d and %d, seats %d and %d", first.K, second.K, first.Seat, second.Seat)
	}
	hear := func(l fleet.Lease) { leases <- l }
	if err := link.Hear(conn, fleet.LeaseSubject(first.Run), fleet.Lease.Check, hear); err != nil {
		t.Fatal(err)
	}
	if l := <-leases; l.Seats[1] != second.Seat {
		t.Errorf("the lease gives part 1 to seat %d", l.Seats[1])
	}
	for seat, refused := range map[int]bool{first.Seat: true, second.Seat: false} {
		p, err := link.Ask[fleet.Piece](t.Context(), conn, fleet.FilesSubject(first.Run), fleet.Ask{K: 1, Seat: seat})
		if err != nil || (p.Refused != "") != refused {
			t.Errorf("seat %d: %q, %v", seat, p.Refused, err)
		}
	}
	stranger := fleet.Join{Name: "a\nb", Version: "test 1", Protocol: 99, Key: "x"}
	w, err := link.Ask[fleet.Welcome](t.Context(), conn, fleet.JoinSubject, stranger)
	if err != nil || !w.Final || !strings.Contains(w.Refused, "use one version everywhere") {
		t.Errorf("another protocol: %+v, %v", w, err)
	}
}

// A worker that comes after the run has all of its workers learns that.
func TestFull(t *testing.T) {
	t.Parallel()
	c := open(t, 1, 10*time.Second)
	c.join("runner-1", nil)
	if _, err := c.run(t.Context(), c.plan, experiment.Hooks{}); err != nil {
		t.Fatal(err)
	}
	_, ended := c.join("late", nil)
	<-ended
	c.close()
	if err := c.errs["late"]; err == nil || !strings.Contains(err.Error(), "the run has its 1 worker") {
		t.Errorf("late: %v", err)
	}
}
