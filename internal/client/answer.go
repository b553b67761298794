package client

import "errors"

// answer is one sending of a hop on one connection, and its answer. HTTP/1.1 is
// here, HTTP/2 in http2.go.
type answer struct {
	wire   *wire
	conn   *conn
	x      *Exchange
	idle   bool // the connection was idle before: look at it first
	toHead bool // the request is a HEAD: its answer has no body
	within limit
	start  int64 // bytes that the connection had received before
	keep   bool  // the caller wants the body
	most   int64 // bytes of body; of a stream of events, between two of them
	wants  *Events
	watch  *watch

	whole bool  // the body is kept as it comes: for the caller or to decode it
	total int64 // bytes of body so far

	events *listening // nil: the body is no stream of events

	fault    fault
	unfit    bool // the idle connection looked bad; nothing was sent
	lost     bool // broke before one byte of the answer came
	headRead bool // the final head is in the exchange
	reusable bool // the connection may carry another request
}

// errFault stops the reading of a body: the answer's fault says why.
var errFault = errors.New("see fault")

func (a *answer) fail(f fault) error {
	a.fault = f
	return errFault
}
