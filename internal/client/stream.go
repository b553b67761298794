package client

import (
	"context"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/client/events"
	"github.com/loadgate/loadgate/internal/unit"
)

// Events says how an answer of Server-Sent Events is read, and holds after Do what came. An answer with a status of
// 200 to 299 has to be such a stream; others are read as ever. It is over, and the exchange a success, with the first
// of the ends below that comes after an event. Without an event it is none, and neither where an event takes longer
// than the request's timeout, or where the server ends the stream. The connection is closed after every other end than
// the server's. At least one of Most, All and For is set.
type Events struct {
	Most  int                                   // events; 0: no number ends it
	All   bool                                  // the server ends it, which is no failure then
	For   time.Duration                         // since the send; 0: no time ends it
	Leave time.Time                             // the caller has to leave; zero: never
	Until context.Context                       // it ends; nil: never. Before the first event it is not asked
	Came  func(gap time.Duration, at time.Time) // called for each event after the first; nil: nobody

	Left        bool      // it ended because of Leave or Until
	Count       int       // events that came
	First, Last time.Time // of the first event, and of the last; zero: none came
}

// begin forgets what came of an earlier exchange.
func (e *Events) begin() {
	if e != nil {
		e.Left, e.Count, e.First, e.Last = false, 0, time.Time{}, time.Time{}
	}
}

// listening is an answer of events under way.
type listening struct {
	*Events
	ctx     context.Context // of Do
	reader  events.Reader
	timeout time.Duration // for each event
	over    bool          // the end came, and not by the server
}

// end is when the time of a stream is over that began then; zero: never. Who has to leave waits for the first event
// as for any answer.
func (e *listening) end(began time.Time) (end time.Time) {
	if e.Count > 0 {
		end = e.Leave
	}
	if by := began.Add(e.For); e.For > 0 && (end.IsZero() || by.Before(end)) {
		end = by
	}
	return end
}

// ended says whether the stream is to end because its context did.
func (e *listening) ended() bool { return e.Count > 0 && e.Until != nil && e.Until.Err() != nil }

// late words that no event came in time.
func (e *listening) late(within limit, end time.Time) string {
	which := "no event"
	if e.Count > 0 {
		which = "no further event"
	}
	if within.at.Equal(end) {
		return fmt.Sprintf("%s within %v, for which the stream was to be read", which, e.For)
	}
	return fmt.Sprintf("%s within %v", which, within.was)
}

// early words that the server ended a stream that was to go on.
func (e *listening) early() string {
	text := "the server ended the stream after " + unit.Counted(e.Count, "event")
	if e.Most > 0 {
		return fmt.Sprintf("%s of %d", text, e.Most)
	}
	return fmt.Sprintf("%s, before %v were over", text, e.For)
}
