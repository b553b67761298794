package baseline

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
)

// Fewest is how many earlier runs a comparison needs: the spread of fewer is a
// guess.
const Fewest = stat.MinPast

// Query is what a run asks of its history.
type Query struct {
	Run    Run    // the new one
	Branch string // whose runs count; empty: all
	Last   int    // how many of the newest count at most; 0: all
}

// Past is the earlier runs that a new one is compared with, oldest first: in all
// figures, or in those that an edit of the file left comparable. The zero
// value is an empty history. It is not changed after Select.
type Past struct {
	Runs []Run
	// Left says how many other runs there were and why they do not count, in the
	// order of the reasons.
	Left []Left

	last int
	run  Run // the new one
}

// Left is runs that do not count, for one reason.
type Left struct {
	Runs int
	IDs  []string // oldest first
	Why  reason.Code
}

// exclusions are why runs do not count, in the order in which they are asked.
var exclusions = [...]reason.Code{
	reason.PastOtherLoad, reason.PastOtherHost, reason.PastOtherMachine, reason.PastOtherBranch,
	reason.PastRejected, reason.PastUnfinished, reason.PastNotPassed, reason.PastFailed, reason.PastUnjudged,
	reason.PastGeneratorLate, reason.PastBeforeAccepted,
}

// Host is where the target of the run was, without its port: a stand-in takes any
// free one. This machine has one name, however it is written.
func (r Run) Host() string {
	u, err := url.Parse(r.Target)
	if err != nil {
		return r.Target
	}
	name := u.Hostname()
	if a, err := netip.ParseAddr(name); strings.EqualFold(name, thisMachine) || err == nil && a.Unmap().IsLoopback() {
		return thisMachine
	}
	return name
}

const thisMachine = "localhost"

// OtherHosts says how many of the runs that count were against other hosts than the
// new one, and how many hosts those are.
func (p *Past) OtherHosts() (runs, hosts int) {
	seen := map[string]bool{}
	for _, r := range p.Runs[p.from():] {
		if at := r.Host(); at != p.run.Host() {
			runs++
			seen[at] = true
		}
	}
	return runs, len(seen)
}

// Counting is how many runs count.
func (p *Past) Counting() int { return len(p.Runs) - p.from() }

// from is the first of the newest runs that count.
func (p *Past) from() int {
	if p.last <= 0 {
		return 0
	}
	return max(0, len(p.Runs)-p.last)
}
