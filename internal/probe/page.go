package probe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// Answer is that of a Fetch.
type Answer struct {
	Status int
	Header func(name string) string
	Body   []byte
}

// page is a place that is asked for all gauges that are read there.
type page struct {
	mu   sync.Mutex
	last reply
}

// errLate is why a page was given up.
var errLate = errors.New("no answer came in the time of a look")

// reply is what a page answered, or why it did not.
type reply struct {
	answer Answer
	err    error
	asked  time.Time     // zero: never
	took   time.Duration // until the answer, or until it was given up
}

// A page whose answer takes more than a tenth of the time between two looks is
// left alone afterwards for three times as long as it took, and so long that
// there is a whole second without a look at it. Its looks would be the load
// otherwise, and there would be nothing to compare their seconds with.
const (
	slowAnswer = 10
	restTimes  = 3
	shortRest  = 1500 * time.Millisecond
)

// rests says whether the page is not to be asked yet by a gauge that is read every
// so often. Ten gauges that are read at one time ask once.
func (r reply) rests(every time.Duration) bool {
	if r.asked.IsZero() {
		return false
	}
	rest := every / 2
	if r.took > every/slowAnswer {
		rest = max(rest, restTimes*r.took, shortRest)
	}
	return time.Since(r.asked) < r.took+rest
}

// fetch asks a place, or returns its last reply while it rests.
func (w *World) fetch(ctx context.Context, url string, every time.Duration) reply {
	p, _ := shared(w, &w.pages, url, func() (*page, error) { return &page{}, nil }) // making one cannot fail
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.rests(every) {
		return p.last
	}
	now := reply{asked: time.Now()}
	now.answer, now.err = w.Fetch(ctx, url)
	now.took = time.Since(now.asked)
	if now.err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		now.err = errLate // the client's words would be those of another gauge's look
	}
	if now.err == nil && (now.answer.Status < 200 || now.answer.Status > 299) {
		now.err = fmt.Errorf("it answers %d", now.answer.Status)
	}
	p.last = now
	return now
}

// onPage is a probe that is read from what a page answers, which says of itself
// when it was asked.
func onPage(p config.Probe, w *World, read func(asked time.Time, answer Answer) (Value, error)) Probe {
	return Probe{Read: func(ctx context.Context) (Value, error) {
		var v Value
		last := w.fetch(ctx, p.URL, p.Every)
		err := last.err
		if err == nil {
			v, err = read(last.asked, last.answer)
		}
		v.Asked, v.Took = last.asked, last.took
		return v, err
	}}
}
