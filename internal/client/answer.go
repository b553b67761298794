package client

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
	most   int64 // bytes of body

	whole bool  // the body is kept as it comes: for the caller or to decode it
	total int64 // bytes of body so far

	fault    fault
	unfit    bool // the idle connection looked bad; nothing was sent
	lost     bool // broke before one byte of the answer came
	headRead bool // the final head is in the exchange
	reusable bool // the connection may carry another request
}
