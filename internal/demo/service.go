package demo

import (
	"time"
)

// service answers the requests: it is the http.Handler behind a Server. It is
// safe for concurrent use.
type service struct {
	start    time.Time
	ready    time.Time
	clock    *clock // of the load
	freeze   Freeze
	drift    Drift
	leaks    bool
	nPlusOne bool
	burn     time.Duration
	block    time.Duration // of GET /metrics
	hold     time.Duration
	outage   outage

	table     []*route
	latencies map[*route]*latency
	store     *store
	tokens    *tokens
	pool      chan struct{} // a value in it is a connection in use
	loop      eventLoop     // nil: nothing blocks it
	cache     cache
	leak      leak
	limiter   limiter
	metrics   *metrics
	openAPI   document
}
