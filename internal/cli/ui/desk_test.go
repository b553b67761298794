package ui_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/cli/site"
	"github.com/loadgate/loadgate/internal/cli/ui"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// desk is a desk whose commands do what the test says.
type desk struct {
	*ui.Desk
	t      *testing.T
	folder string
	run    func(ctx context.Context, stderr io.Writer, on load) int
	plan   func() // what a plan waits for; nil: nothing
}

// load is a run that goes on, as the page sees it.
type load struct {
	ui.Watcher
	plan *plan.Plan
}

func (l load) begin() { l.Begin(l.plan, l.result()) }

func (l load) result() *result.Result { return l.plan.Result("test", time.Unix(0, 0).UTC()) }

func (l load) judge() {
	l.Verdict(content.NewView(l.result(), verdict.Verdict{}, content.Options{Config: l.plan.Config}))
}

// refused are users that no plan takes.
const refused = "--users=abc"

func newDesk(t *testing.T) *desk {
	t.Helper()
	c, err := thresholds.Decode([]byte(`version: 1
name: shop
target: {url: "http://127.0.0.1:1"}
profiles: {p: {users: 4, spawn_rate: 4/s, duration: 60s}}
thresholds: {all: {endpoints: "*", success: 99%}}
users: {g: {wait: 1s, steps: [GET /items]}}
`), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, plan.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, folder: filepath.Join(t.TempDir(), "ui")}
	d.run = func(ctx context.Context, _ io.Writer, on load) int {
		on.begin()
		<-ctx.Done()
		on.judge()
		return 130
	}
	ctx, stop := context.WithCancel(t.Context())
	d.Desk = ui.New(ctx, ui.Options{File: "thresholds.yaml", Folder: d.folder, Config: c, Board: &site.Served{},
		Command: func(ctx context.Context, args []string, stdout, stderr io.Writer, w ui.Watcher) int {
			if args[0] == "run" {
				return d.run(ctx, stderr, load{w, p})
			}
			if d.plan != nil {
				d.plan()
			}
			if strings.Contains(strings.Join(args, " "), refused) {
				fmt.Fprintln(stderr, "loadgate: --users abc: write a whole number, such as 50")
				return 2
			}
			fmt.Fprintln(stdout, "PLAN  1 rule cannot be decided.")
			return 3
		}})
	t.Cleanup(func() {
		stop()
		d.Wait()
	})
	return d
}

// press sends the form.
func (d *desk) press(button string, values ...string) (string, error) {
	all := map[string]string{"do": button}
	for _, v := range values {
		name, value, _ := strings.Cut(v, "=")
		all[name] = value
	}
	return d.Forms()["load"](d.t.Context(), all)
}

func (d *desk) mustSay(want, button string, values ...string) {
	d.t.Helper()
	if said, err := d.press(button, values...); err != nil || !strings.Contains(said, want) {
		d.t.Errorf("%s %q says %q, %v; want %q", button, values, said, err, want)
	}
}

// A value that cannot be ends no run, and a plan that decides little is no such value.
func TestChange(t *testing.T) {
	d := newDesk(t)
	d.mustSay("Run 001 has begun", "start", "users=4")
	if said, err := d.press("change", "users=abc"); err == nil || !strings.Contains(err.Error(), "--users abc") {
		t.Errorf("users abc: %q, %v", said, err)
	}
	d.mustSay("Run 001 was judged up to here. Run 002 has begun", "change", "users=8")
	d.mustSay("Run 002 was stopped, and its verdict is above", "stop")
}

// One thing at a time: what computes would be measured in a run, and two runs would measure each other.
func TestOneThingAtATime(t *testing.T) {
	d := newDesk(t)
	refused := func(want, button string, values ...string) {
		t.Helper()
		if said, err := d.press(button, values...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %q: %q, %v; want %q", button, values, said, err, want)
		}
	}
	refused("no run goes on", "stop")
	refused("no run goes on", "change", "users=8")
	d.mustSay("Run 001 has begun", "start", "users=4")
	for _, button := range []string{"start", "plan", "try"} {
		refused("a run goes on", button)
	}
	refused("nothing differs", "change", "users=4")
	d.mustSay("Run 001 was stopped", "stop")

	asked, answer := make(chan struct{}), make(chan struct{})
	d.plan = func() { close(asked); <-answer }
	var all sync.WaitGroup
	all.Go(func() { d.mustSay("It is below", "plan") })
	<-asked
	refused("wait until", "start")
	refused("wait until", "try")
	close(answer)
	all.Wait()
	d.mustSay("has begun", "start")
}

// A run that is stopped before its load has no verdict, and leaves no folder.
func TestStopBeforeTheLoad(t *testing.T) {
	d := newDesk(t)
	started := make(chan struct{})
	d.run = func(ctx context.Context, stderr io.Writer, _ load) int {
		close(started)
		<-ctx.Done()
		fmt.Fprintln(stderr, "loadgate: interrupted before anything was measured")
		return 130
	}
	var all sync.WaitGroup
	all.Go(func() {
		if said, err := d.press("start"); err == nil || !strings.Contains(err.Error(), "interrupted") {
			t.Errorf("start: %q, %v", said, err)
		}
	})
	<-started
	d.mustSay("Run 001 was stopped before its load began.", "stop")
	all.Wait()
	if left, err := os.ReadDir(d.folder); err != nil || len(left) > 0 {
		t.Errorf("left in the folder of the runs: %v, %v", left, err)
	}
}

// A run that ends with an error has no verdict, and nobody is sent to look for one.
func TestNoVerdict(t *testing.T) {
	d := newDesk(t)
	d.run = func(ctx context.Context, stderr io.Writer, on load) int {
		on.begin()
		<-ctx.Done()
		on.End(errors.New("no worker is left"))
		fmt.Fprintln(stderr, "loadgate: no worker is left")
		return 4
	}
	d.mustSay("has begun", "start", "users=4")
	d.mustSay("Run 001 ended without a verdict; the log says why.", "stop")
	if b := d.since("").Banner; b.Word != "NO VERDICT" || b.Text != "no worker is left" {
		t.Errorf("the page says %s: %s", b.Word, b.Text)
	}
}

// A run that is started has charts of its own, also after a change that began no run.
func TestChartsOfARun(t *testing.T) {
	d := newDesk(t)
	lasts := d.run
	d.mustSay("Run 001 has begun", "start", "users=4")
	d.run = func(_ context.Context, stderr io.Writer, _ load) int {
		fmt.Fprintln(stderr, "loadgate: connection refused")
		return 4
	}
	if said, err := d.press("change", "users=8"); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("change: %q, %v", said, err)
	}
	d.run = lasts
	before := d.since("").At
	d.mustSay("has begun", "start", "users=8")
	if !d.since(before).Reset {
		t.Error("the run that was started goes on in the charts of the one before")
	}
	before = d.since("").At
	d.mustSay("has begun", "change", "users=9")
	if d.since(before).Reset {
		t.Error("the run of a change has charts of its own")
	}
}

// update is what changed on the page: its present state, and whether its charts were emptied.
type update struct {
	At     string
	Reset  bool
	Banner htmlpage.Banner
}

// since asks the page what changed after a state.
func (d *desk) since(at string) (u update) {
	d.t.Helper()
	server, err := live.Listen(live.Options{Address: "127.0.0.1:0", Page: d.Page})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = server.Close() })
	base, key, _ := strings.Cut(server.URL(), "#key=")
	handed, err := http.Post(base+"key", "text/plain", strings.NewReader(key))
	if err != nil {
		d.t.Fatal(err)
	}
	_ = handed.Body.Close()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, base+"since?at="+at, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	r.AddCookie(handed.Cookies()[0])
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&u); err != nil {
		d.t.Fatal(err)
	}
	return u
}
