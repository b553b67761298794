package recording

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/unit"
)

// filter are the requests that a user's load is made of.
func (s *session) filter(entries []*entry, host string) (kept []*entry) {
	const (
		others, files, failed = "to other hosts", "for files of pages", "that failed"
		asked                 = "that a browser asks before others"
		across                = "that a login on another host led back to"
	)
	left := map[string]int{}
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
				left[across]++
				c.first.follows = false
			default:
				c.first.follows = !c.otherHost
			}
			if c.first != nil || e.url.Host != host {
				continue
			}
		} else if e.redirects() {
			chains = append(chains, &chain{last: e})
		}
		switch {
		case e.url.Host != host:
			left[others]++
		case e.static():
			left[files]++
		case e.Request.Method == "OPTIONS":
			left[asked]++
		case e.failed():
			left[failed]++
		default:
			kept = append(kept, e)
			if at >= 0 {
				chains[at].first = e
			} else if e.redirects() {
				chains[len(chains)-1].first = e
			}
		}
	}
	for _, why := range []string{others, across, files, asked, failed} {
		if n := left[why]; n > 0 {
			s.group.Looks = append(s.group.Looks, fmt.Sprintf("left out: %s %s", unit.Counted(n, "request"), why))
		}
	}
	return kept
}

// chain is a request and those that its redirects led to.
type chain struct {
	first     *entry // that is kept; nil: none yet
	last      *entry
	otherHost bool // it led over another host, which a load does not ask
}
