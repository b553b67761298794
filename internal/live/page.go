// Package live serves one page that changes to browsers on this machine, or to those that have its key. It
// knows who may see the page and how its changes reach a browser; what is on the page, and what a form does,
// is the caller's.
package live

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// Page is a document that changes while browsers show it. It is safe for concurrent use.
type Page struct {
	mu       sync.Mutex
	document htmlpage.Document
	series   int // of changes: that of this process
	number   int // of the newest change
	reset    int // the change that emptied the charts last; 0: none did
	banner   int // the change that set it, and so on
	facts    int
	title    int
	sections map[string]section
	points   []moment
	changed  chan struct{} // closed at the next change
	viewers  int
	closed   bool

	events encoder
}

// section is the content of one, and the change that set it.
type section struct {
	number int
	html   string
}

// moment is a change that added points.
type moment struct {
	number int
	points htmlpage.Points
}

// mostMoments is how many points each chart keeps: half an hour of seconds.
const mostMoments = 1800

// NewPage is a page that shows a document. Its sections are all that it will ever have, those without parts
// too. Its charts keep the newest half hour of points that come a second.
func NewPage(d htmlpage.Document) *Page {
	return &Page{document: rolling(d), sections: map[string]section{}, changed: make(chan struct{}),
		series: int(time.Now().Unix())} // browsers that saw a page of an earlier process are sent everything
}

// rolling is a document of its own whose charts forget old points.
func rolling(d htmlpage.Document) htmlpage.Document {
	d.Sections = slices.Clone(d.Sections)
	for i, s := range d.Sections {
		d.Sections[i].Parts = slices.Clone(s.Parts)
		for k, part := range d.Sections[i].Parts {
			charts := slices.Clone(part.Charts)
			for c := range charts {
				charts[c].Rolling = mostMoments
				charts[c].Series = slices.Clone(charts[c].Series)
			}
			d.Sections[i].Parts[k].Charts = charts
		}
	}
	return d
}

// Change is what is new on a page. What is not set stays.
type Change struct {
	Title    string
	Banner   *htmlpage.Banner
	Facts    []htmlpage.Fact
	Points   htmlpage.Points // one more for each chart; nil: none
	Sections []htmlpage.Section
}

// Change changes the page in every browser that shows it. It never waits for one. A section that the page
// does not have is left out, and one without a title keeps the title that it had.
func (p *Page) Change(c Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	p.take(c)
	p.wake()
}

// Reset empties the charts for another run, and changes the page.
func (p *Page) Reset(c Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	p.reset, p.points = p.number, nil
	p.eachChart(func(c *htmlpage.Chart, _ int) {
		c.X = nil
		for i := range c.Series {
			c.Series[i].Values = nil
		}
	})
	p.take(c)
	p.wake()
}

// take changes the document.
func (p *Page) take(c Change) {
	if c.Title != "" {
		p.document.Title, p.title = c.Title, p.number
	}
	if c.Banner != nil {
		p.document.Banner, p.banner = *c.Banner, p.number
	}
	if c.Facts != nil {
		p.document.Facts, p.facts = c.Facts, p.number
	}
	if c.Points != nil {
		p.points = append(p.points, moment{p.number, c.Points})
		p.points = p.points[max(0, len(p.points)-mostMoments):]
		p.eachChart(func(chart *htmlpage.Chart, i int) {
			if i < len(c.Points) && len(c.Points[i]) == len(chart.Series)+1 {
				add(chart, c.Points[i])
			}
		})
	}
	for _, s := range c.Sections {
		at := slices.IndexFunc(p.document.Sections, func(old htmlpage.Section) bool { return old.ID == s.ID })
		if at < 0 {
			continue
		}
		if s.Title == "" { // the navigation has it while the section is empty, too
			s.Title = p.document.Sections[at].Title
		}
		p.document.Sections[at], p.sections[s.ID] = s, section{number: p.number}
	}
}

// add puts a point behind those of a chart.
func add(c *htmlpage.Chart, point htmlpage.Numbers) {
	newest := func(all htmlpage.Numbers, v float64) htmlpage.Numbers {
		all = append(all, v)
		return all[max(0, len(all)-mostMoments):]
	}
	c.X = newest(c.X, point[0])
	for i := range c.Series {
		c.Series[i].Values = newest(c.Series[i].Values, point[i+1])
	}
}

func (p *Page) eachChart(do func(c *htmlpage.Chart, i int)) {
	i := 0
	for _, s := range p.document.Sections {
		for _, part := range s.Parts {
			for k := range part.Charts {
				do(&part.Charts[k], i)
				i++
			}
		}
	}
}

func (p *Page) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// Viewers is how many browsers follow the page.
func (p *Page) Viewers() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.viewers
}

// view counts a viewer, until it calls leave. False: there are too many.
func (p *Page) view() (leave func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.viewers == mostViewers || p.closed {
		return nil, false
	}
	p.viewers++
	return sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.viewers--
	}), true
}

// mostViewers bounds what viewers cost.
const mostViewers = 50

// end says that nothing changes any more.
func (p *Page) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.closed = true
		p.wake()
	}
}

// snapshot is the document as it is, and the name of its state.
func (p *Page) snapshot() (htmlpage.Document, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// Charts change in place, and slices of their values only grow or are cut at the front.
	return rolling(p.document), p.at()
}

// at is the name of the present state: the series and the number of its change.
func (p *Page) at() string { return fmt.Sprintf("%d.%d", p.series, p.number) }

// since is all that changed after a state. False: nothing did. A state that the page does not know, such as one
// of an earlier process, gets everything. Next is closed at the next change; over says that there will be none.
func (p *Page) since(at string) (u htmlpage.Update, ok bool, next <-chan struct{}, over bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := -1 // nothing
	if series, number, cut := strings.Cut(at, "."); cut && series == strconv.Itoa(p.series) {
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n <= p.number {
			known = n
		}
	}
	oldest := p.reset // the first state whose later points are all there
	if len(p.points) == mostMoments {
		oldest = p.points[0].number - 1
	}
	u.At = p.at()
	if known == p.number {
		return u, false, p.changed, p.closed, nil
	}
	points := known
	if known < oldest || known < 0 {
		u.Reset, points = true, -1
	}
	if p.title > known {
		u.Title = p.document.Title
	}
	if p.banner > known {
		now := p.document.Banner
		u.Banner = &now
	}
	if p.facts > known {
		u.Facts = p.document.Facts
	}
	for _, m := range p.points {
		if m.number > points {
			u.Points = append(u.Points, m.points)
		}
	}
	for _, s := range p.document.Sections {
		made := p.sections[s.ID]
		if made.number <= known {
			continue
		}
		if slices.ContainsFunc(s.Parts, func(p htmlpage.Part) bool { return len(p.Charts) > 0 }) {
			continue // its points are sent
		}
		if made.html == "" { // once for all who look on
			if made.html, err = htmlpage.Content(s); err != nil {
				return u, false, p.changed, p.closed, err
			}
			p.sections[s.ID] = made
		}
		u.Sections = append(u.Sections, htmlpage.Fragment{ID: s.ID, HTML: made.html})
	}
	return u, true, p.changed, p.closed, nil
}
