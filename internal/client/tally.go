package client

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Address is what one address of the base URL's host got.
type Address struct {
	Address  string // with its port
	Requests int64  // sent over connections to it, redirects to the same origin included
	Failed   int64  // of Requests: no whole answer, or a status of 400 or more
	Refused  int64  // attempts to connect that failed, TLS included
}

// Addresses are those of the base URL's host that were dialled so far, sorted;
// empty over a unix socket and through a proxy, where nothing is known of
// them. Those beyond 64 are summed as "others". Safe for concurrent use.
func (c *Client) Addresses() []Address { return c.tallies.list() }

// Others names the sum of the addresses that are not kept one by one.
const Others = "others"

// mostAddresses is how many are kept one by one.
const mostAddresses = 64

// tallies counts by address. Only a new connection takes the lock.
type tallies struct {
	mu sync.Mutex
	by map[string]*tally
}

// tally counts for one address.
type tally struct{ requests, failed, refused atomic.Int64 }

func (t *tally) count(failed bool) {
	t.requests.Add(1)
	if failed {
		t.failed.Add(1)
	}
}

// of is the tally of an address.
func (t *tallies) of(address string) *tally {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one := t.by[address]; one != nil {
		return one
	}
	if len(t.by) >= mostAddresses {
		address = Others
	}
	if t.by == nil {
		t.by = map[string]*tally{}
	}
	if t.by[address] == nil {
		t.by[address] = new(tally)
	}
	return t.by[address]
}

func (t *tallies) list() []Address {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Address
	for address, one := range t.by {
		all = append(all, Address{address, one.requests.Load(), one.failed.Load(), one.refused.Load()})
	}
	slices.SortFunc(all, func(a, b Address) int { return strings.Compare(a.Address, b.Address) })
	return all
}
