package result

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Address is what one remote address of the target's host got in the whole
// run, warm-up included.
type Address struct {
	Address  string `json:"address"` // with its port, or OtherAddresses
	Requests int64  `json:"requests"`
	Failed   int64  `json:"failed,omitempty"`  // of Requests: no whole answer, or a status of 400 or more
	Refused  int64  `json:"refused,omitempty"` // attempts to connect that failed
}

// OtherAddresses names the sum of the addresses that are not kept one by one.
const OtherAddresses = "others"

// mostAddresses is how many addresses are kept one by one.
const mostAddresses = 64

// AddressesSince is what addresses got since an earlier count; nil when that
// is nothing.
func AddressesSince(now, before []Address) []Address {
	var since []Address
	for _, a := range now {
		if i := indexAddress(before, a.Address); i >= 0 {
			a.Requests -= before[i].Requests
			a.Failed -= before[i].Failed
			a.Refused -= before[i].Refused
		}
		if a.Requests > 0 || a.Refused > 0 {
			a.Failed = min(a.Failed, a.Requests) // of a request that is counted just now
			since = append(since, a)
		}
	}
	return since
}

func indexAddress(all []Address, name string) int {
	return slices.IndexFunc(all, func(a Address) bool { return a.Address == name })
}

// addAddresses sums the counts of both, by address in ascending order.
func addAddresses(mine, others []Address) []Address {
	sum := slices.Clone(mine)
	for _, a := range others {
		i := indexAddress(sum, a.Address)
		if i < 0 && len(sum) >= mostAddresses {
			a.Address = OtherAddresses
			i = indexAddress(sum, OtherAddresses)
		}
		if i < 0 {
			sum = append(sum, a)
			continue
		}
		sum[i].Requests += a.Requests
		sum[i].Failed += a.Failed
		sum[i].Refused += a.Refused
	}
	slices.SortFunc(sum, func(a, b Address) int { return strings.Compare(a.Address, b.Address) })
	return sum
}

func checkAddresses(all []Address) error {
	if len(all) > mostAddresses+1 {
		return fmt.Errorf("addresses: %d, more than %d", len(all), mostAddresses+1)
	}
	for i, a := range all {
		switch {
		case a.Address == "":
			return errors.New("addresses: one has no address")
		case indexAddress(all[:i], a.Address) >= 0:
			return fmt.Errorf("addresses: %q is there twice", a.Address)
		case !countable(a.Requests) || !countable(a.Failed) || !countable(a.Refused) || a.Failed > a.Requests:
			return fmt.Errorf("addresses: %q has a count that cannot be", a.Address)
		}
	}
	return nil
}
