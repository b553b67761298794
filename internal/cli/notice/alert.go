package notice

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/alert"
	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/notify"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
)

// Alert tells people what became of the runs of a history. Its texts are as they were typed.
type Alert struct {
	Env                                        environ.Env
	Where                                      record.HistoryFlag
	Filter                                     record.Filter
	Formats                                    []string
	WebhookEnv, Link, SilentFor, Metric, Least string
	DryRun                                     bool // print, and send and keep nothing
}

// addressee is a receiver, and its name in marks.
type addressee struct {
	format notify.Format
	to     notify.Receiver // zero in a dry run
	name   string
}

// Run tells each receiver what it was not told yet.
func (c *Alert) Run(ctx context.Context) error {
	watch, to, err := c.options()
	if err != nil {
		return err
	}
	runs, err := c.Where.Runs(c.Env, c.Filter)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		return errors.New("the history has no run, so there is nothing to watch; loadgate run --record keeps one")
	}
	states := watch.States(runs)
	var errs []error
	told := 0
	for _, a := range to {
		for _, e := range watch.Due(runs, states, a.name) {
			told++
			if err := c.tell(ctx, a, e); err != nil {
				errs = append(errs, err)
				break // it would refuse the others too, after a minute each
			}
		}
	}
	if told == 0 {
		why := "nothing is wrong with them"
		if len(states) > 0 {
			why = unit.Counted(len(states), "alert") + " sent already"
		}
		_, err := fmt.Fprintf(c.Env.Stdout, "nothing to tell: %s, %s\n", unit.Counted(len(runs), "run"), why)
		return console.WriteError(err)
	}
	return errors.Join(errs...)
}

// options checks everything that was given, before anything is used.
func (c *Alert) options() (w alert.Watch, to []addressee, err error) {
	w = alert.Watch{Now: c.Env.Now(), Runs: c.Filter.Kinds()}
	var errs []error
	note := func(flag, text string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s %s: %w", flag, usage.Quote(text), err))
		}
	}
	w.SilentFor, err = unit.ParseSpan(c.SilentFor)
	if err == nil && w.SilentFor < time.Hour {
		err = errors.New("write at least 1h")
	}
	note("silent-for", c.SilentFor, err)
	w.Least, err = unit.ParseChange(c.Least)
	note("least", c.Least, err)
	var ok bool
	if w.Metric, ok = metric.Parse(c.Metric); !ok || !slices.Contains(metric.Compared(), w.Metric) {
		errs = append(errs, usage.NotOneOf("--metric", c.Metric, record.ComparedNames()))
	}
	if c.Link != "" {
		if err := notify.CheckLink(c.Link); err != nil {
			errs = append(errs, fmt.Errorf("--link: %w", err))
		}
	}
	for i, name := range c.Formats {
		format, err := FormatNamed(name)
		if err == nil && slices.Contains(c.Formats[:i], name) {
			err = fmt.Errorf("--format %s: it is there twice; write it once", name)
		}
		a := addressee{format: format}
		if err == nil {
			a.name = name + " " + Variable("--webhook-env", secretVariable(format, c.WebhookEnv))
			if !c.DryRun {
				a.to, err = ReceiverOf(c.Env, format, c.WebhookEnv)
			}
		}
		errs, to = append(errs, err), append(to, a)
	}
	return w, to, errors.Join(errs...)
}

// tell sends an event to a receiver, and keeps that it was sent; or prints it.
func (c *Alert) tell(ctx context.Context, a addressee, e alert.Event) error {
	event, words := eventOf(e)
	link := PageOf(c.Env, c.Link)
	if c.DryRun {
		body, err := a.format.EventBody(event, link)
		if err != nil {
			return fmt.Errorf("write message: %w", err)
		}
		return c.preview(a, words, body)
	}
	var client notify.Client
	if err := client.SendEvent(ctx, a.to, event, link); err != nil {
		return DeliveryError(fmt.Errorf("send alert to %w", err), AdviceOf(a.format))
	}
	said := event.Text
	if e.Over {
		said = e.Was
	}
	if _, err := c.Where.Open().Mark(e.Run.ID, e.Mark(said, c.Env.Now())); err != nil {
		return failure.WithHint(failure.CouldNotRun(fmt.Errorf("keep that it was sent: %w", err)),
			"it was sent to "+console.Clean(a.to.String())+", and will be sent again")
	}
	_, err := fmt.Fprintf(c.Env.Stdout, "sent to %s at %s: %s\n", a.format.Name, console.Clean(a.to.String()),
		console.Clean(words))
	return console.WriteError(err)
}

// preview prints what would be sent, without a key.
func (c *Alert) preview(a addressee, words string, body []byte) error {
	var text bytes.Buffer
	if err := json.Indent(&text, body, "", "  "); err != nil {
		return err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "would send to %s: %s\n", a.format.Name, console.Clean(words))
	for line := range strings.Lines(text.String()) {
		out.WriteString("  " + console.Clean(strings.TrimRight(line, "\n")) + "\n")
	}
	_, err := io.WriteString(c.Env.Stdout, out.String())
	return console.WriteError(err)
}

// eventOf words an event: for a receiver, and in one line.
func eventOf(e alert.Event) (notify.Event, string) {
	r := e.Run
	n := notify.Event{
		Key: e.Key(), Over: e.Over, Kind: string(e.Kind), Critical: e.Kind == alert.Slower,
		Title: wording.Title(e.Says), Text: wording.Text(e.Says), Advice: wording.Todo(e.Says),
		Name: r.Name, Profile: r.Profile, Target: r.Target, Run: r.ID, Commit: r.Origin.Commit, Branch: r.Origin.Branch,
	}
	if e.Over {
		n.Title, n.Text, n.Advice = titleOf(e.Kind), wording.Text(reason.AlertOver.With(reason.Args{"what": e.Was})), ""
	}
	return n, seriesOf(r) + ": " + n.Text
}

// titleOf is the title of a state that is over, without the figures that it had.
func titleOf(kind alert.Kind) string {
	switch kind {
	case alert.NoBaseline:
		return wording.Title(reason.AlertNoBaseline.Plain())
	case alert.Silent:
		return wording.Title(reason.AlertSilent.Plain())
	}
	return wording.Title(reason.AlertSlower.With(reason.Args{"metric": "a level"}))
}

func seriesOf(r baseline.Run) string {
	return cmp.Or(strings.Trim(r.Name+" · "+r.Profile, " ·"), r.ID)
}
