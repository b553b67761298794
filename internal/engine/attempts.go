package engine

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/client"
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
	Skipped  bool // its condition was false, or Empty
	Empty    bool // each has no element
	Left     int  // further elements of each, for which it was not sent because the time was over
	Withheld bool // it is neither GET nor HEAD, or a WebSocket, and the file is drafted: it was not sent
	// Lacks says which value was missing, and whose, where that kept the request
	// back: "POST /login captured no token". Empty: nothing was missing.
	Lacks    string
	Method   string
	URL      string // "" of a secret step
	Header   []client.Field
	Body     string
	Status   int    // 0: no answer
	Proto    string // of the answer: client.ProtoHTTP1 or ProtoHTTP2
	Answer   string
	Captures []client.Field // name and value
	Took     time.Duration  // of the last request
	Repeats  int            // of requests that failed
	Failure  metric.Failure
	Cause    metric.Cause
	Detail   string
	Location string // of a redirect that was not followed
	OtherID  bool   // another id at the same path was answered: the path exists
	// Statements are what it made the target's database do, where that counts;
	// somebody else's among them, if the service is used by others too.
	Statements []result.Statement
}

// Failed is the failure of an attempt as a result has it.
func (a Attempt) Failed() result.Failure {
	return result.Failure{
		Kind: a.Failure, Status: a.Status, Cause: a.Cause, Detail: a.Detail, Location: a.Location, Count: 1,
	}
}

// answerBytes bounds what an Attempt keeps of a body.
const answerBytes = 2000

// Misfit says whether the attempt shows that the scenario does not fit the
// service: a path, method, token, body or capture that fails whatever the load.
// Other failures may pass, and the run counts them.
func (a Attempt) Misfit() bool {
	switch a.Failure {
	case metric.Redirect, metric.Capture, metric.Expression:
		return true
	case metric.Status:
		switch a.Status {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnauthorized, http.StatusForbidden,
			http.StatusBadRequest, http.StatusGone, http.StatusNotAcceptable, http.StatusLengthRequired,
			http.StatusRequestURITooLong,
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
// A value that is missing because the step that captures it failed is not counted.
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

// opensDoors is the name of a header or capture whose value lets somebody in:
// people paste what a try-out prints into tickets.
var opensDoors = regexp.MustCompile(`(?i)authorization|cookie|token|secret|passw|` +
	`session_?(id|key)$|(^|[_-])(sid|jwt)$|api[_-]?key|csrf|xsrf|credential`)

// shownHeader is the value of a header as a person may see it: of what opens
// doors the scheme alone, whether the file calls it secret or not.
func shownHeader(f client.Field) string {
	if !opensDoors.MatchString(f.Name) {
		return f.Value
	}
	scheme, _, ok := strings.Cut(f.Value, " ")
	if ok && strings.HasSuffix(strings.ToLower(f.Name), "authorization") {
		return scheme + " ***"
	}
	return "***"
}

// tellOtherIDs adds to a 404 that the path is right where another step found
// something at the same path with another id: else people look for a wrong path.
func tellOtherIDs(attempts []Attempt) {
	for i := range attempts {
		a := &attempts[i]
		if a.Failure != metric.Status || a.Status != http.StatusNotFound {
			continue
		}
		for _, other := range attempts {
			if other.Status >= 200 && other.Status < 300 && otherID(a.URL, other.URL) {
				a.OtherID = true
				a.Detail += fmt.Sprintf("; %s %s answers %d", other.Method, pathOf(other.URL), other.Status)
				break
			}
		}
	}
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.EscapedPath()
}

// otherID says whether two addresses are one path with two ids: one part
// differs, and it is not the only one.
func otherID(one, other string) bool {
	a, b := strings.Split(pathOf(one), "/"), strings.Split(pathOf(other), "/")
	if len(a) != len(b) || len(a) < 3 {
		return false
	}
	differ := 0
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if differ++; !idText.MatchString(a[i]) || !idText.MatchString(b[i]) {
			return false
		}
	}
	return differ == 1
}

// idText is a part of a path that looks as if it names one of many.
var idText = regexp.MustCompile(`[0-9]`)
