package demo

import (
	"fmt"
	"time"
)

// connections is the size of the database pool, unless the options say another.
// A request holds one from its query to its answer, as it would while it waits
// for a database elsewhere.
const (
	connections     = 40
	mostConnections = 1000
)

// Options are the switches of a Server. The zero value is a healthy service.
//
// What begins at a time, or goes by one, counts from the beginning of the load:
// the call of Begin or, where nobody will make it, the first two requests that
// are in flight at once, or the hundredth. Requests for /health, /metrics and
// /openapi.json, and those that are refused while the service starts, are no
// load. Later loads on the same server change nothing: what is broken stays so.
type Options struct {
	Slow         []Slow
	Fail         []Fail
	NPlusOne     bool          // tutors with metrics: a query a tutor, 2 ms each
	Leak         bool          // keeps 32 KiB a request, at most 512 MiB
	Drift        Drift         // all times grow in a straight line
	Freeze       Freeze        // everything stops, now and then or once
	Down         Span          // connections are reset, those that are open too
	CacheDown    Span          // the cache is gone: the endpoints of the dashboard answer 500
	Burn         time.Duration // processor time of each request, in one thread at a time; at most a minute
	MetricsBlock time.Duration // GET /metrics stops everything for so long; at most a minute
	Pool         int           // database connections, at most 1,000; 0: 40
	Hold         time.Duration // each request keeps its connection so long after its last statement; at most a minute
	RateLimit    RateLimit     // requests allowed a client address
	StartDelay   time.Duration // answers 503 to everything until then
	KeepAlive    time.Duration // closes connections idle for so long; 0: 2 minutes. uvicorn has 5 s
	Seed         uint64        // of the tables, times and failures; the same seed, the same service
	Marked       bool          // the caller marks the beginning of the load with Begin; else the server guesses it
}

// Slow makes one endpoint slower, or all of them. The zero value is slow by
// nothing and is refused.
type Slow struct {
	Endpoint string        // METHOD PATH as ParseSlow gives it, ids written {id}; "": all of the API
	Median   time.Duration // median time, its ups and downs kept; 0: as it is
	More     float64       // added share of the base time, 0.6 for 60 % more
	From     time.Duration // of the load; 0: always
}

// Fail makes a share of the requests of one endpoint, or of all, answer 500.
type Fail struct {
	Endpoint string        // METHOD PATH as ParseFail gives it; "": all of the API
	Share    float64       // in [0,1]
	From     time.Duration // of the load; 0: always
}

// Drift makes all times grow with the time of the load: by a share of the base
// time, and by a time, for each Per that has passed. The zero value does not.
type Drift struct {
	Share float64
	By    time.Duration
	Per   time.Duration
}

// added is by how much a request takes longer that would take so long.
func (d Drift) added(took, running time.Duration) time.Duration {
	if d.Per == 0 {
		return 0
	}
	return time.Duration((d.Share*float64(took) + float64(d.By)) * float64(running) / float64(d.Per))
}

// Forever is the end of a Span that has none.
const Forever = time.Duration(1<<63 - 1)

// Span is a stretch of the load, from one time up to another. The zero value is
// none.
type Span struct{ From, Until time.Duration }

func (s Span) check(what string) error {
	if s.From >= 0 && s.Until > s.From || s == (Span{}) {
		return nil
	}
	return fmt.Errorf("%s from %v until %v ends before it begins; write one like 5s@30s", what, s.From, s.Until)
}

// Freeze stops every request for a while, as a garbage collection, a blocked
// event loop or a stopped process does: connections are accepted, and nothing is
// answered until it is over. The zero value never stops.
type Freeze struct {
	For   time.Duration // at regular times, first after Every
	Every time.Duration
	Once  Span
}

func (f Freeze) check() error {
	if f.For > 0 && f.Every > 0 && f.For < f.Every || f.For == 0 && f.Every == 0 {
		return f.Once.check("freeze")
	}
	return fmt.Errorf("freeze of %v every %v never thaws; write a stop shorter than its period, like 500ms/5s",
		f.For, f.Every)
}

// RateLimit allows so many requests in each window to one client address. The
// zero value is no limit.
type RateLimit struct {
	Requests int
	Window   time.Duration
}
