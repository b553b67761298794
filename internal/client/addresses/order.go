package addresses

import (
	"net/netip"
	"slices"
)

// Spread orders the addresses of a name for one of many users: the family of
// the resolver's first stays first, and within each family the users take turns
// at who begins where. Sorting makes that independent of the resolver's order,
// which may change with each answer.
func Spread(addrs []netip.Addr, nth uint64) []netip.Addr {
	if len(addrs) < 2 {
		return addrs
	}
	same, other := families(addrs)
	return append(turn(same, nth), turn(other, nth)...)
}

// families are the addresses of the family of the first, and those of the other.
func families(addrs []netip.Addr) (same, other []netip.Addr) {
	for _, addr := range addrs {
		if addr = addr.Unmap(); addr.Is4() == addrs[0].Unmap().Is4() {
			same = append(same, addr)
		} else {
			other = append(other, addr)
		}
	}
	return same, other
}

// turn sorts addresses, drops repeated ones and begins with the nth of them.
func turn(addrs []netip.Addr, nth uint64) []netip.Addr {
	if len(addrs) == 0 {
		return nil
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	addrs = slices.Compact(addrs)
	at := int(nth % uint64(len(addrs)))
	return slices.Concat(addrs[at:], addrs[:at])
}
