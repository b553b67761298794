package target

import (
	"fmt"
	"net/netip"
	"slices"
)

// services are addresses at which clouds tell a machine its credentials, beside
// those of IPv4 that are link-local, as 169.254.169.254 is: of AWS, Alibaba,
// Azure, Oracle and OpenStack.
var services = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("192.0.0.192"), netip.MustParseAddr("fe80::a9fe:a9fe"),
}

// metadata says whether an address may be that of a cloud's metadata service.
// No prefix and no name reaches it: it has to be written out.
func metadata(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return addr.Is4() && addr.IsLinkLocalUnicast() || slices.Contains(services, addr)
}

// checkPrefix says what is wrong with a prefix that could allow nothing.
func checkPrefix(p netip.Prefix) error {
	if p = plainPrefix(p); !p.IsSingleIP() && p.Addr().Is4() && p.Addr().IsLinkLocalUnicast() {
		return fmt.Errorf("%s holds the addresses of metadata services, which no prefix allows; write the address "+
			"alone, such as 169.254.169.254", p)
	}
	return nil
}
