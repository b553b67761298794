package config

import "time"

// Stream says that a step reads its answer as a stream of Server-Sent Events, and when it has enough of them: with the
// first of Events, All and For, of which at least one is set.
type Stream struct {
	Events int           // events; 0: no number
	All    bool          // until the service ends the stream
	For    time.Duration // since the send; 0: no time
	// Gap is the row of the times between two events; steps of the same endpoint have the same.
	Gap *Transaction
}

// GapOf is the name of the row of the times between two events of an endpoint.
func GapOf(endpoint string) string { return endpoint + " gap" }

// Lasts is how long a stream occupies its user; false: that is up to the service.
func (s *Stream) Lasts() (time.Duration, bool) {
	if s == nil {
		return 0, true
	}
	return s.For, s.For > 0
}

// Gaps is how many times between two events a stream has; false: that is up to the service.
func (s *Stream) Gaps() (int, bool) { return max(0, s.Events-1), s.Events > 0 && s.For == 0 }

// counted says whether the step is counted in a row of Transactions.
func (s *Step) counted(in *Transaction) bool {
	return s.Transaction == in || s.Stream != nil && s.Stream.Gap == in || s.Talk != nil && s.Talk.counted(in)
}
