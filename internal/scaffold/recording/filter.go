package recording

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/unit"
)

// Why requests are left out.
const (
	toOthers   = "to other hosts"
	forFiles   = "for files of pages"
	thatFailed = "that failed"
	askedFirst = "that a browser asks before others"
	ledBack    = "that a login on another host led back to"
)

// leftOut counts requests that are left out, by why.
type leftOut map[string]int

// mostChains bounds the redirects that have not been followed yet.
const mostChains = 50

// filter are the requests that a user's load is made of.
func (left leftOut) filter(entries []*entry, host string) (kept []*entry) {
	var chains []*chain
	for _, e := range entries {
		at := slices.IndexFunc(chains, func(c *chain) bool { return c.last.pointsTo(e) })
		if at >= 0 { // a browser follows by itself
			c := chains[at]
			c.last = e
			c.otherHost = c.otherHost || e.url.Host != host
			switch {
			case c.first == nil:
			case c.otherHost && e.url.Host == host:
				left[ledBack]++
				c.first.follows = false
			default:
				c.first.follows = !c.otherHost
			}
			if c.first != nil || e.url.Host != host {
				continue
			}
		} else if e.redirects() {
			chains = append(chains, &chain{last: e})
			chains = chains[max(0, len(chains)-mostChains):]
		}
		switch {
		case e.url.Host != host:
			left[toOthers]++
		case e.static():
			left[forFiles]++
		case e.Request.Method == "OPTIONS":
			left[askedFirst]++
		case e.failed():
			left[thatFailed]++
		default:
			kept = append(kept, e)
			if at >= 0 {
				chains[at].first = e
			} else if e.redirects() {
				chains[len(chains)-1].first = e
			}
		}
	}
	return kept
}

// looks say what is left out.
func (left leftOut) looks() (looks []string) {
	for _, why := range []string{toOthers, ledBack, forFiles, askedFirst, thatFailed} {
		if n := left[why]; n > 0 {
			looks = append(looks, fmt.Sprintf("left out: %s %s", unit.Counted(n, "request"), why))
		}
	}
	return looks
}

// chain is a request and those that its redirects led to.
type chain struct {
	first     *entry // that is kept; nil: none yet
	last      *entry
	otherHost bool // it led over another host, which a load does not ask
}
