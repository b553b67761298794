package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/cli/site"
	"github.com/loadgate/loadgate/internal/cli/web"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
)

// Desk starts one run at a time, and keeps what the page shows beside it. It is safe for concurrent use.
type Desk struct {
	Options
	*web.Show

	all  sync.WaitGroup
	ctx  context.Context // ends everything
	runs folder
	log  runLog
	mu   sync.Mutex
	run  *running // nil: none goes on
	busy bool     // with what sends requests or computes without a run
}

// saidTitle is the heading of what Plan, Try and Compare print.
const saidTitle = "Output"

// running is a run that goes on.
type running struct {
	number string
	folder string
	keep   bool              // it goes on in the charts of the run before
	values map[string]string // of the form
	stop   context.CancelFunc
	begun  chan struct{} // closed when the load begins
	ended  chan struct{} // closed when the command has
	begin  sync.Once
	judged bool // it has a verdict; read it once it has ended
}

// New makes the desk and its page. What it starts ends with ctx.
func New(ctx context.Context, o Options) *Desk {
	d := &Desk{Options: o, ctx: ctx, runs: folder(o.Folder)}
	d.Show = web.NewShow("loadgate · "+content.Title(o.Config.Name, ""),
		[]htmlpage.Link{{Text: "Earlier runs",
			Href: htmlpage.Beside(strings.TrimPrefix(site.Prefix, "/") + board.IndexPath)}},
		[]htmlpage.Section{o.controls()},
		[]htmlpage.Section{{ID: "said", Title: saidTitle}, {ID: "log", Title: "Log"}, d.runs.section()})
	d.log.page = d.Page
	d.Page.Change(live.Change{Banner: &htmlpage.Banner{Word: "READY", Name: content.Title(o.Config.Name, ""),
		Text: "Choose a load below and start it."}})
	return d
}

// Wait ends the run that goes on, and waits for it.
func (d *Desk) Wait() {
	d.mu.Lock()
	run := d.run
	d.mu.Unlock()
	if run != nil {
		run.stop()
	}
	d.all.Wait()
}

// errRunning refuses a second run: two on one machine measure each other.
var errRunning = errors.New("a run goes on; stop it first")

// errBusy refuses a run beside what takes the machine's time.
var errBusy = errors.New("wait until Plan, Try or Compare is done")

// errNoRun refuses to change or stop what is not there.
var errNoRun = errors.New("no run goes on; press Start")

// startWithin is how long the answer to Start waits for the load to begin, or for what is wrong.
const startWithin = 3 * time.Second

// start begins a run of a form. Again says that a run was ended for it, whose charts it continues and whose steps
// were tried.
func (d *Desk) start(values map[string]string, again bool) (string, error) {
	args, err := d.arguments("run", values)
	if err != nil {
		return "", err
	}
	folder, number, err := d.runs.next()
	if err != nil {
		return "", err
	}
	if again {
		args = append(args, "--no-try")
	}
	shown := "loadgate " + content.ShellLine(args)
	args = append(args, "--out", folder, "--html", filepath.Join(folder, reportFile))

	ctx, stop := context.WithCancel(d.ctx)
	run := &running{number: number, folder: folder, keep: again, values: values, stop: stop,
		begun: make(chan struct{}), ended: make(chan struct{})}
	if err := d.take(run); err != nil {
		stop()
		return "", errors.Join(err, os.Remove(folder))
	}
	d.log.empty()
	d.Page.Change(live.Change{Banner: &htmlpage.Banner{Word: "STARTING", Name: shown, Text: "run " + number}})
	var wrong strings.Builder
	d.all.Go(func() {
		d.Command(ctx, args, io.Discard, io.MultiWriter(&wrong, &d.log), seen{d.Show, run})
		stop()
		d.over(run)
		close(run.ended)
	})
	select {
	case <-run.begun:
		return fmt.Sprintf("Run %s has begun: %s", number, shown), nil
	case <-run.ended:
		return "", errors.New(strings.TrimSpace(wrong.String()))
	case <-time.After(startWithin):
		return fmt.Sprintf("Run %s waits for its target: %s", number, shown), nil
	}
}

// take makes a run the one that goes on.
func (d *Desk) take(run *running) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.run != nil:
		return errRunning
	case d.busy:
		return errBusy
	}
	d.run = run
	return nil
}

// seen is the page as it sees one run: it notes when the load begins, and that there is a verdict.
type seen struct {
	*web.Show
	run *running
}

func (s seen) Begin(p *plan.Plan, r *result.Result) {
	if s.run.keep {
		s.KeepCharts()
	}
	s.Show.Begin(p, r)
	s.run.begin.Do(func() { close(s.run.begun) })
}

func (s seen) Verdict(v content.View) {
	s.run.judged = true
	s.Show.Verdict(v)
}

// hasBegun says whether the load has begun.
func (r *running) hasBegun() bool {
	select {
	case <-r.begun:
		return true
	default:
		return false
	}
}

// became says what became of a run that was stopped.
func (r *running) became(judged string) string {
	switch {
	case !r.hasBegun():
		return "Run " + r.number + " was stopped before its load began."
	case !r.judged:
		return "Run " + r.number + " ended without a verdict; the log says why."
	}
	return "Run " + r.number + " " + judged
}

// over puts away a run that has ended.
func (d *Desk) over(run *running) {
	d.mu.Lock()
	d.run = nil
	d.mu.Unlock()
	change := live.Change{Sections: []htmlpage.Section{d.runs.section()}}
	if !run.hasBegun() { // the page has no verdict of it
		_ = os.Remove(run.folder) // it stays if there is something in it
		change.Title = "NOT RUN · " + content.Title(d.Config.Name, "")
		change.Banner = &htmlpage.Banner{Word: "NOT RUN", Tone: htmlpage.Fail, Name: "run " + run.number,
			Text: "it did not begin; the log says why"}
	}
	d.Page.Change(change)
}

// stop ends the run that goes on, and waits until its verdict is there.
func (d *Desk) stop() (*running, error) {
	d.mu.Lock()
	run := d.run
	d.mu.Unlock()
	if run == nil {
		return nil, errNoRun
	}
	run.stop()
	<-run.ended
	return run, nil
}

// change ends the run that goes on and begins the next with other users. What was judged ends with the change: a
// figure over two loads says nothing about either.
func (d *Desk) change(values map[string]string) (string, error) {
	d.mu.Lock()
	run := d.run
	d.mu.Unlock()
	if run == nil {
		return "", errNoRun
	}
	same := maps.Clone(values)
	same["do"] = run.values["do"]
	if maps.Equal(same, run.values) {
		return "", errors.New("write another number of users, or another rate; nothing differs from this run")
	}
	args, err := d.arguments("plan", values)
	if err != nil {
		return "", err
	}
	if _, _, err := d.ask(d.ctx, args); err != nil {
		return "", err // a slip of the pen ends no run
	}
	run, err = d.stop()
	if err != nil {
		return "", err
	}
	said, err := d.start(values, true)
	if err != nil {
		return "", err
	}
	return run.became("was judged up to here.") + " " + said, nil
}

// Forms are what the page's forms do.
func (d *Desk) Forms() map[string]func(context.Context, map[string]string) (string, error) {
	return map[string]func(context.Context, map[string]string) (string, error){"load": d.submit}
}

// submit does what the pressed button says.
func (d *Desk) submit(ctx context.Context, values map[string]string) (string, error) {
	switch values["do"] {
	case "start":
		return d.start(values, false)
	case "change":
		return d.change(values)
	case "stop":
		run, err := d.stop()
		if err != nil {
			return "", err
		}
		return run.became("was stopped, and its verdict is above."), nil
	case "plan", "try":
		args, err := d.arguments(values["do"], values)
		if err != nil {
			return "", err
		}
		return d.say(ctx, args)
	case "compare":
		before, last, err := d.runs.lastTwo()
		if err != nil {
			return "", err
		}
		return d.say(ctx, []string{"compare", before, last})
	}
	return "", errors.New("the page asks for something that this loadgate does not know; load it again")
}

// say shows on the page what a command prints.
func (d *Desk) say(ctx context.Context, args []string) (string, error) {
	d.mu.Lock()
	going, busy := d.run != nil, d.busy
	d.busy = d.busy || !going
	d.mu.Unlock()
	switch {
	case going: // it would be measured too
		return "", errRunning
	case busy:
		return "", errBusy
	}
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.busy = false
	}()
	text, code, err := d.ask(ctx, args)
	d.Page.Change(live.Change{Sections: []htmlpage.Section{{ID: "said", Title: saidTitle,
		Lead:  fmt.Sprintf("Exit code %d.", code),
		Parts: []htmlpage.Part{{Code: "$ loadgate " + content.ShellLine(args) + "\n" + text}}}}})
	if err != nil {
		return "", err
	}
	return "It is below, under " + saidTitle + ".", nil
}

// ask runs a command that loads nothing, and returns what it prints. An error is what it prints alone where it has
// no answer.
func (d *Desk) ask(ctx context.Context, args []string) (text string, code int, err error) {
	var out, wrong strings.Builder
	code = d.Command(ctx, args, &out, &wrong, nil)
	if out.Len() == 0 && code != 0 {
		err = errors.New(strings.TrimSpace(wrong.String()))
	}
	return out.String() + wrong.String(), code, err
}

// Pages are the files of runs and the board of earlier ones, for the server of the page.
func (d *Desk) Pages() map[string]http.Handler {
	all := d.runs.pages()
	maps.Copy(all, d.Board.Pages())
	return all
}
