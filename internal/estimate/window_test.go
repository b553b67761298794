package estimate_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/result"
)

// A window that holds no time has a drain all the same.
func TestCountWithoutTime(t *testing.T) {
	ep := &result.Endpoint{Slots: []result.Slot{{Slot: 3, Requests: 7}}}
	for name, w := range map[string]estimate.Window{
		"the zero value": {},
		"no slots":       estimate.Parted(result.Window{Slot: time.Second}),
		"cut in parts":   estimate.Parted(result.Window{Slot: time.Second}).InParts(20),
	} {
		if tally, err := (estimate.Slots{}).Count(ep, w, estimate.Intended); err != nil || tally.Requests != 7 {
			t.Errorf("%s: counted %d requests (%v), want 7", name, tally.Requests, err)
		}
	}
}
