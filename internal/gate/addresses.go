package gate

import (
	"math"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// unevenShare is the part of its even share below which an address of the
// target is named, once that share is fewestAtAddress requests.
const (
	unevenShare     = 0.5
	fewestAtAddress = 20
)

// addresses warns of an address of the target that accepts nobody, and says
// which one got far less than the others. Users are spread evenly, so either is
// the service's doing, or the load was not on all of it.
func addresses(e *evidence.Run) []verdict.Check {
	all := e.Result.Addresses
	if len(all) < 2 {
		return nil
	}
	var requests int64
	for _, a := range all {
		requests += a.Requests
	}
	var checks []verdict.Check
	for _, a := range all {
		switch even := float64(requests) / float64(len(all)); {
		case a.Address == result.OtherAddresses:
		case a.Requests == 0 && a.Refused > 0:
			checks = append(checks, verdict.Check{
				Subject: "addresses", Outcome: verdict.Warn, Shown: true,
				Because: reason.AddressUnused.With(reason.Args{"address": a.Address, "attempts": a.Refused,
					"received": received(all, requests)}),
			})
		case even >= fewestAtAddress && float64(a.Requests) < unevenShare*even:
			checks = append(checks, verdict.Check{
				Subject: "addresses", Outcome: verdict.Pass, Shown: true,
				Because: reason.AddressUneven.With(reason.Args{"address": a.Address, "got": a.Requests,
					"requests": requests, "even": int64(math.Round(even))}),
			})
		}
	}
	return checks
}

// received says who got the requests instead.
func received(all []result.Address, requests int64) reason.Reason {
	var who []string
	for _, a := range all {
		if a.Requests > 0 {
			who = append(who, a.Address)
		}
	}
	switch len(who) {
	case 0:
		return reason.AddressesNone.Plain()
	case 1, 2, 3:
		return reason.AddressesAll.With(reason.Args{"addresses": who, "requests": requests})
	}
	return reason.AddressesMany.With(reason.Args{"others": len(who), "requests": requests})
}
