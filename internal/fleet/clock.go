package fleet

import "time"

// Exchange is one question for the hub's time. Sent and Received are by the worker's monotonic clock,
// Hub by the hub's; both count from any moment of their own.
type Exchange struct{ Sent, Received, Hub time.Duration }

// Clock compares a worker's clock with the hub's. The zero value is not known: see Known.
type Clock struct {
	Offset    time.Duration // added to the worker's clock, it gives the hub's
	RoundTrip time.Duration // of the exchange that it was computed from
	known     bool
}

// CompareClocks takes the exchange with the shortest round trip, as NTP does (RFC 5905): the hub read
// its clock somewhere between sending and receiving, so the middle is wrong by half the round trip at most,
// whatever the two ways took. Exchanges that end before they begin are left out.
func CompareClocks(exchanges []Exchange) Clock {
	var best Clock
	for _, x := range exchanges {
		trip := x.Received - x.Sent
		if trip < 0 || best.known && trip >= best.RoundTrip {
			continue
		}
		best = Clock{Offset: x.Hub - x.Sent - trip/2, RoundTrip: trip, known: true}
	}
	return best
}

// Known says whether there was an exchange.
func (c Clock) Known() bool { return c.known }

// Error is by how much the offset may be wrong, at least a nanosecond for a known clock: 0 is unknown.
func (c Clock) Error() time.Duration {
	if !c.known {
		return 0
	}
	return c.RoundTrip/2 + 1
}

// Local is when a time of the hub's clock is on the worker's.
func (c Clock) Local(hub time.Duration) time.Duration { return hub - c.Offset }

// Hub is when a time of the worker's clock is on the hub's.
func (c Clock) Hub(local time.Duration) time.Duration { return local + c.Offset }
