package selfmon

import (
	"fmt"
	"math"
)

// LimitError says that this machine cannot hold the run's connections.
type LimitError struct {
	Needs, Limit uint64 // file descriptors
}

// Error is one line with the remedy.
func (e *LimitError) Error() string {
	return fmt.Sprintf("needs %d file descriptors, the limit is %d: raise it with ulimit -n %d, use fewer users, or "+
		"split the run into shards",
		e.Needs, e.Limit, e.Needs)
}

// ownDescriptors is what the process holds in addition to its users' connections:
// standard streams, poller, journal, reports.
const ownDescriptors = 100

// CheckDescriptors finds out before a run whether each user can have its
// connection: connection after connection would be refused by this machine,
// and the target blamed for it. Where the target runs in the same process
// each takes two. The error is a *LimitError.
func CheckDescriptors(users int, sameProcess bool) error {
	needs := uint64(users)*perUser(sameProcess) + ownDescriptors
	if limit, ok := descriptors(); ok && needs > limit {
		return &LimitError{Needs: needs, Limit: limit}
	}
	return nil
}

// MostUsers is how many users this machine can hold connections for; 0: it
// does not say.
func MostUsers(sameProcess bool) int {
	limit, ok := descriptors()
	if !ok {
		return 0
	}
	free := max(limit, ownDescriptors+perUser(sameProcess)) - ownDescriptors
	return int(min(free/perUser(sameProcess), math.MaxInt32))
}

func perUser(sameProcess bool) uint64 {
	if sameProcess {
		return 2
	}
	return 1
}
