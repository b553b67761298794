package web

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// figuresEvery is how often, in seconds, the page is sent the figures of each endpoint. They are not made where
// nobody looks on, and neither is a judgement.
const figuresEvery = 5

// Show is a live page of one run after the other. It sees them as a session.Watcher.
type Show struct {
	Page *live.Page

	server   *live.Server // nil: somebody else serves the page
	stay     time.Duration
	progress io.Writer

	judging sync.WaitGroup
	mu      sync.Mutex
	live    *webpage.Live // of the run that goes on
	plan    *plan.Plan
	busy    bool         // it is judged
	runs    int          // how many began
	second  int          // the newest of the charts
	from    int          // where the run that goes on begins there
	keep    bool         // the next run goes on in the charts of this one
	last    content.View // of the last judgement or verdict
	seen    bool         // whether there is one
}

// NewShow is the page of runs that have not begun. Trail leads to other pages; first and last are sections of the
// caller's.
func NewShow(title string, trail []htmlpage.Link, first, last []htmlpage.Section) *Show {
	s := &Show{}
	d := webpage.LiveDocument(title, first, append(last, s.downloads()))
	d.Trail = trail
	s.Page = live.NewPage(d)
	return s
}

// KeepCharts lets the next run go on in the charts of the one before, behind a gap.
func (s *Show) KeepCharts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep = true
}

// Begin empties the page for a run.
func (s *Show) Begin(p *plan.Plan, r *result.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change := s.Page.Reset
	if s.keep {
		change = s.Page.Change
		s.second += 2 // a gap between the two
	} else {
		s.second = 0
	}
	s.keep = false
	s.from, s.live, s.plan = s.second, webpage.NewLive(p, r, s.second), p
	s.runs++
	s.seen = false // nobody takes the files of the run before for those of this one
	var empty []htmlpage.Section
	for _, id := range []string{"rules", "endpoints", "failures", "findings", "why", "compared", "resources",
		"workers"} {
		empty = append(empty, htmlpage.Section{ID: id})
	}
	if s.second > 0 {
		s.Page.Change(live.Change{Points: webpage.LiveGap(s.second - 1)})
	}
	b, facts := s.live.Banner(0, 0)
	change(live.Change{Title: "running · " + s.live.Name(), Banner: &b, Facts: facts, Sections: empty})
}

// Second adds a second to the page.
func (s *Show) Second(slice *result.Slice, r *result.Result, judged *experiment.SoFar) {
	s.mu.Lock()
	defer s.mu.Unlock()
	points := s.live.Second(slice, r)
	second := slice.Moment.Slot + 1
	s.second = s.from + second
	b, facts := s.live.Banner(time.Duration(second)*result.SlotLength, slice.Moment.Users)
	change := live.Change{Points: points, Banner: &b, Facts: facts}
	if s.Page.Viewers() > 0 {
		if second%figuresEvery == 0 {
			change.Sections = append(change.Sections, s.live.Statistics())
		}
		if judged != nil && !s.busy {
			s.busy = true
			p, run := s.plan, s.runs
			s.judging.Go(func() { s.judge(p, judged, run) })
		}
	}
	s.Page.Change(change)
}

// judge judges a snapshot of a run, beside the run.
func (s *Show) judge(p *plan.Plan, judged *experiment.SoFar, run int) {
	v := content.NewView(judged.Result, judged.Verdict(),
		content.Options{All: true, Config: p.Config, Confidence: p.Config.Judge.Confidence})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
	if run != s.runs || s.live == nil {
		return // it is over
	}
	s.last, s.seen = v, true
	s.Page.Change(live.Change{Sections: s.live.Judged(v)})
}

// End says that the load is over: the verdict follows, or with an error, none does.
func (s *Show) End(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change := live.Change{Sections: []htmlpage.Section{s.live.Statistics()},
		Banner: &htmlpage.Banner{Word: "JUDGING", Name: s.live.Name(), Text: "the load is over"}}
	if err != nil {
		why, _, _ := strings.Cut(failure.WithoutCredentials(err).Error(), "\n")
		change.Banner = &htmlpage.Banner{Word: "NO VERDICT", Tone: htmlpage.Fail, Name: s.live.Name(), Text: why}
		change.Title = "NO VERDICT · " + s.live.Name()
	}
	s.Page.Change(change)
}

// Verdict shows the verdict of the run.
func (s *Show) Verdict(v content.View) {
	s.judging.Wait() // it would come after the verdict
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live, s.last, s.seen = nil, v, true
	b, facts, sections := webpage.Over(v)
	s.Page.Change(live.Change{Title: b.Word + " · " + b.Name, Banner: &b, Facts: facts, Sections: sections})
}

// Close keeps the page as long as it was asked to, or until ctx ends, and ends it. With something left to say, which
// is printed at the end of the command, it ends at once. A nil Show has no page.
func (s *Show) Close(ctx context.Context, left error) error {
	if s == nil {
		return nil
	}
	s.judging.Wait()
	if s.stay > 0 && ctx.Err() == nil && (left == nil || left.Error() == "") {
		console.Print(s.progress, "the page stays for %s; Ctrl-C ends it", unit.Compact(s.stay))
		over := time.NewTimer(s.stay)
		defer over.Stop()
		select {
		case <-over.C:
		case <-ctx.Done():
		}
	}
	return s.server.Close()
}
