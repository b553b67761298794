package fleet_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
)

// Whatever a way to the hub and back takes, the offset is wrong by no more than it says.
func TestCompareClocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 19))
	upTo := func(d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d))) }
	for range 2000 {
		offset := upTo(2*time.Hour) - time.Hour
		exchanges := make([]fleet.Exchange, 1+r.IntN(8))
		shortest := time.Hour
		for i := range exchanges {
			sent, there, back := upTo(time.Hour), upTo(50*time.Millisecond), upTo(200*time.Millisecond)
			exchanges[i] = fleet.Exchange{Sent: sent, Hub: sent + there + offset, Received: sent + there + back}
			shortest = min(shortest, there+back)
		}
		c := fleet.CompareClocks(exchanges)
		if wrong := (c.Offset - offset).Abs(); !c.Known() || wrong > c.Error() || c.RoundTrip != shortest {
			t.Fatalf("%v of %v: offset %s, wrong by %s", c, exchanges, offset, wrong)
		}
		if local := upTo(time.Hour); c.Local(c.Hub(local)) != local {
			t.Fatalf("%s is not the same there and back", local)
		}
	}
}

// A clock that was not compared is unknown, and never exact.
func TestUnknownClock(t *testing.T) {
	backwards := fleet.Exchange{Sent: 2, Received: 1}
	for _, c := range []fleet.Clock{{}, fleet.CompareClocks(nil), fleet.CompareClocks([]fleet.Exchange{backwards})} {
		if c.Known() || c.Error() != 0 {
			t.Errorf("%v is known", c)
		}
	}
	if c := fleet.CompareClocks([]fleet.Exchange{{Sent: 5, Received: 5, Hub: 7}}); c.Error() == 0 {
		t.Error("a known clock has the error of an unknown one")
	}
}
