package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/trace"
)

// TryOut walks one user of every group through its steps once, without think
// times, and tells how each went. Steps marked try: false are left out,
// unless all are wanted; of a drafted file only GET and HEAD are sent. It ends
// early when ctx does.
func (e *Engine) TryOut(ctx context.Context, p *plan.Plan, all bool) []Attempt {
	r := &run{Engine: e, plan: p, start: time.Now()}
	r.countStatements(ctx)
	var attempts []Attempt
	tried := map[string]bool{} // a group may be in several loads
	for _, own := range p.Each() {
		l := newLoad(e, own, prepare(own), 1)
		for i := range own.Groups {
			u, ok := own.Sample(i)
			if !ok || tried[u.Group.Name] {
				continue
			}
			tried[u.Group.Name] = true
			attempts = append(attempts, r.tryGroup(ctx, newVirtualUser(l, u), all)...)
		}
	}
	tellOtherIDs(attempts)
	return attempts
}

// tryGroup walks a user through all steps of its group.
func (r *run) tryGroup(ctx context.Context, w *virtualUser, all bool) (attempts []Attempt) {
	defer w.doer.Close()
	var within *config.Transaction
	empty := false
	for s := range w.Group.All() {
		if t := s.Step.Transaction; t != within {
			w.leaveLoop()
			within, empty = t, t != nil && !w.enter(s)
		}
		if ctx.Err() != nil || !all && s.NoTry {
			continue
		}
		a := emptyAttempt(w.Group, s)
		if empty {
			attempts = append(attempts, a)
			continue
		}
		w.forEach(s, func() bool { // the first that when does not leave out says whether it fits
			a = w.try(ctx, s)
			a.Statements = r.countStatements(ctx)
			return a.Skipped
		})
		attempts = append(attempts, a)
	}
	return attempts
}

// emptyAttempt is that of a step whose list has no element.
func emptyAttempt(g *plan.Group, s *plan.Step) Attempt {
	return Attempt{Group: g.Name, Step: s, Method: s.Method, Skipped: true, Empty: true}
}

// try sends one step, again where it failed in a way that may pass and its retry
// says so, and describes it.
func (w *virtualUser) try(ctx context.Context, s *plan.Step) Attempt {
	ready := *w.load.steps[s]
	ready.keepBody = true
	a := Attempt{Group: w.Group.Name, Step: s, Method: s.Method}
	if w.load.plan.Config.Drafted && !ReadsOnly(s) {
		a.Withheld = true
		return a
	}
	listen(ctx, w, &ready)
	began := time.Now()
	wanted, failure, detail := w.attempt(ctx, &ready)
	if !wanted {
		a.Skipped = true
		return a
	}
	first := began
	for {
		due, again := w.again(s, failure, a.Repeats, first)
		if !again || !w.pause(ctx, due) {
			break
		}
		a.Repeats++
		began = time.Now()
		failure, detail = w.send(ctx, &ready)
	}
	if w.pending { // it was cut off, or its time was over
		failure, detail = w.unfinished(&ready, min(s.Poll.Within, time.Since(first).Round(time.Second)))
	}
	sample := w.sample(&ready, began, failure, detail)
	a.Took, a.Failure, a.Cause = sample.Latency, sample.Failure, sample.Cause
	a.Detail, a.Location = sample.Detail, sample.Location
	if !a.Failure.Sent() {
		if _, err := w.build(&ready); err != nil { // it fails again, and says in parts why
			if missing, ok := errors.AsType[*missingError](err); ok {
				a.Lacks = strings.Join(missing.by, ", ") + " captured no " + missing.name
			}
		}
		return a
	}
	a.Status, a.Proto = w.x.Status, w.x.Proto
	if s.Secret {
		a.Answer = "(secret)"
		return a
	}
	a.URL = w.hide(w.load.plan.Config.PublicOf(s.Host, w.req.Target))
	for _, c := range s.Capture {
		if opensDoors.MatchString(c.Name) && !slices.Contains(w.private, c.Name) {
			w.private = append(w.private, c.Name)
		}
	}
	for _, f := range w.req.Header {
		a.Header = append(a.Header, client.Field{Name: f.Name, Value: w.hide(shownHeader(f))})
	}
	if w.req.Trace.Sampled() {
		a.Header = append(a.Header, client.Field{Name: trace.Header, Value: w.req.Trace.String()})
	}
	a.Body = w.hideHead(head(w.req.Body), answerBytes)
	a.Answer = w.hideHead(head(w.x.Body), answerBytes)
	for _, c := range s.Capture {
		if value, ok := w.env.Get(c.Name); ok && value != nil {
			a.Captures = append(a.Captures, client.Field{Name: c.Name, Value: w.hide(fmt.Sprint(value))})
		}
	}
	return a
}

// Reads says whether a method is one that a drafted file may send.
func Reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// ReadsOnly says whether a drafted file may send a step: what messages on a WebSocket do is not known.
func ReadsOnly(s *plan.Step) bool { return Reads(s.Method) && s.Talk == nil }

// head is the beginning of a body as text, twice what is kept: it is masked
// first, and a secret must not be cut then.
func head(body []byte) string {
	return strings.ToValidUTF8(string(body[:min(len(body), 2*answerBytes)]), "\uFFFD")
}
