package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Attempt is one step, sent once and again as its retry says, with what went out
// last and what came back.
// Everything in it is untrusted text; secrets are masked.
type Attempt struct {
	Group    string
	Step     *plan.Step
	Skipped  bool // its condition was false
	Withheld bool // it is neither GET nor HEAD, and the file is drafted: it was not sent
	// Lacks says which value was missing, and whose, where that kept the request
	// back: "POST /login captured no token". Empty: nothing was missing.
	Lacks    string
	Method   string
	URL      string
	Header   []client.Field
	Body     string
	Status   int    // 0: no answer
	Proto    string // of the answer: client.ProtoHTTP1 or ProtoHTTP2
	Answer   string
	Captures []client.Field // name and value
	Took     time.Duration  // of the last request
	Repeats  int            // of requests that failed
	Failure  metric.Failure
	Detail   string
	// Statements are what it made the target's database do, where that counts;
	// somebody else's among them, if the service is used by others too.
	Statements []result.Statement
}

// answerBytes bounds what an Attempt keeps of a body.
const answerBytes = 2000

// Misfit says whether the attempt shows that the scenario does not fit the
// service: a path, method, token, body or capture that no load will mend.
// Other failures may pass, and are the run's to count.
func (a Attempt) Misfit() bool {
	switch a.Failure {
	case metric.Redirect, metric.Capture, metric.Expression:
		return true
	case metric.Status:
		switch a.Status {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnauthorized, http.StatusForbidden,
			http.StatusBadRequest, http.StatusNotAcceptable, http.StatusLengthRequired, http.StatusRequestURITooLong,
			http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusNotImplemented:
			return true
		}
	}
	return false
}

// Unreachable says whether no answer came at all.
func (a Attempt) Unreachable() bool { return a.Failure.Silent() }

// Gone returns the attempt at which the target, which was ready before, stopped
// answering: from there to the last no connection was made, or none of several
// attempts was answered. False: it answers. A step that is silent while others
// are answered, or the only one, is something that the run will find out about
// the service.
func Gone(attempts []Attempt) (first Attempt, gone bool) {
	sent := slices.DeleteFunc(slices.Clone(attempts),
		func(a Attempt) bool { return a.Skipped || a.Withheld || !a.Failure.Sent() })
	silent := len(sent) // from here to the last
	for silent > 0 && sent[silent-1].Unreachable() {
		silent--
	}
	if silent == len(sent) {
		return Attempt{}, false
	}
	switch sent[len(sent)-1].Failure {
	case metric.Refused, metric.DNS, metric.TLS:
		return sent[silent], true
	}
	return sent[silent], silent == 0 && len(sent) > 1
}

// Misfits are the attempts which show that the scenario does not fit the service.
// A value that is missing because the step that captures it failed is none.
func Misfits(attempts []Attempt) (found []Attempt) {
	uncaptured := map[string]bool{} // groups that miss values
	for _, a := range attempts {
		lacks := a.Failure == metric.Expression && uncaptured[a.Group]
		if (a.Failure != metric.OK || a.Withheld) && len(a.Step.Capture) > 0 {
			uncaptured[a.Group] = true
		}
		if lacks {
			continue
		}
		if a.Misfit() {
			found = append(found, a)
		}
	}
	return found
}

// TryOut walks one user of every group through its steps once, without think
// times, and tells how each went. Steps marked try: false are left out,
// unless all are wanted; of a drafted file only GET and HEAD are sent. It ends
// early when ctx does.
func (e *Engine) TryOut(ctx context.Context, p *plan.Plan, all bool) []Attempt {
	r := &run{Engine: e, plan: p, steps: prepare(p), start: time.Now(),
		recorder: measure.NewRecorder(len(p.Endpoints)+len(p.Transactions), 1)}
	r.countStatements(ctx)
	var attempts []Attempt
	for i := range p.Groups {
		u, ok := p.Sample(i)
		if !ok {
			continue
		}
		w := newVirtualUser(r, u)
		w.until = math.MaxInt64 // nobody leaves before the last step
		for _, list := range [][]plan.Step{u.Group.Start, u.Group.Steps} {
			for j := range list {
				if ctx.Err() == nil && (all || !list[j].NoTry) {
					a := w.try(ctx, &list[j])
					a.Statements = r.countStatements(ctx)
					attempts = append(attempts, a)
				}
			}
		}
		w.doer.Close()
	}
	tellOtherIDs(attempts)
	return attempts
}

// Reads says whether a method is one that a drafted file may send.
func Reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// Repeated are the statements that a single request made more than once.
func Repeated(attempts []Attempt) []result.Tried {
	var all []result.Tried
	for _, a := range attempts {
		for _, s := range a.Statements {
			if s.Calls > 1 {
				all = append(all, result.Tried{Endpoint: a.Step.Step.Endpoint, Query: s.Query, Calls: s.Calls})
			}
		}
	}
	return all
}

// try sends one step, again where it failed in a way that may pass and its retry
// says so, and describes it.
func (w *virtualUser) try(ctx context.Context, s *plan.Step) Attempt {
	ready := *w.run.steps[s]
	ready.keepBody = true
	a := Attempt{Group: w.Group.Name, Step: s, Method: s.Method}
	if w.run.plan.Config.Drafted && !Reads(s.Method) {
		a.Withheld = true
		return a
	}
	began := time.Now()
	wanted, failure, detail := w.attempt(ctx, &ready)
	if !wanted {
		a.Skipped = true
		return a
	}
	for a.Repeats < s.Retry.Times && mayPass(failure, w.x.Status) && w.pause(ctx, w.x.Done.Add(s.Retry.Wait)) {
		a.Repeats++
		began = time.Now()
		failure, detail = w.send(ctx, &ready)
	}
	sample := w.sample(&ready, began, failure, detail)
	a.Took, a.Failure, a.Detail = sample.Latency, sample.Failure, sample.Detail
	if !a.Failure.Sent() {
		if _, err := w.build(&ready); err != nil { // it fails again, and says in parts why
			if missing, ok := errors.AsType[*missingError](err); ok {
				a.Lacks = strings.Join(missing.by, ", ") + " captured no " + missing.name
			}
		}
		return a
	}
	a.URL = w.hide(w.run.plan.Config.Target.PublicOf(w.req.Target))
	a.Status, a.Proto = w.x.Status, w.x.Proto
	if s.Secret {
		a.Answer = "(secret)"
		return a
	}
	for _, c := range s.Capture {
		if opensDoors.MatchString(c.Name) && !slices.Contains(w.private, c.Name) {
			w.private = append(w.private, c.Name)
		}
	}
	for _, f := range w.req.Header {
		a.Header = append(a.Header, client.Field{Name: f.Name, Value: w.hide(shownHeader(f))})
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

// head is the beginning of a body as text, twice what is kept: it is masked
// first, and a secret must not be cut then.
func head(body []byte) string {
	return strings.ToValidUTF8(string(body[:min(len(body), 2*answerBytes)]), "\uFFFD")
}
