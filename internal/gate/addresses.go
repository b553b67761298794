package gate

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
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
				Reason: fmt.Sprintf("%s accepted no connection (%s), %s",
					a.Address, unit.Counted(int(a.Refused), "attempt"),
					received(all, requests)),
				Remedy: "start what should listen there, or take the address out of the name",
			})
		case even >= fewestAtAddress && float64(a.Requests) < unevenShare*even:
			checks = append(checks, verdict.Check{
				Subject: "addresses", Outcome: verdict.Pass, Shown: true,
				Reason: fmt.Sprintf("%s got %d of %d requests; its even share is %.0f",
					a.Address, a.Requests, requests, even),
			})
		}
	}
	return checks
}

// received says who got the requests instead.
func received(all []result.Address, requests int64) string {
	var who []string
	for _, a := range all {
		if a.Requests > 0 {
			who = append(who, a.Address)
		}
	}
	switch len(who) {
	case 0:
		return "and no other did"
	case 1:
		return fmt.Sprintf("%s got all %d requests", who[0], requests)
	case 2, 3:
		return fmt.Sprintf("%s got all %d requests", strings.Join(who, " and "), requests)
	}
	return fmt.Sprintf("%d others got all %d requests", len(who), requests)
}
