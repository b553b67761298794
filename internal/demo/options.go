package demo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Options are the switches of a Server. The zero value is a healthy service.
type Options struct {
	Slow       []Slow
	Fail       []Fail
	NPlusOne   bool          // tutors with metrics: a query a tutor, 2 ms each
	Leak       bool          // keeps 32 KiB a request, at most 512 MiB
	Drift      bool          // times grow by 10 % of the base a minute
	Freeze     Freeze        // everything stops now and then
	RateLimit  RateLimit     // requests allowed a client address
	StartDelay time.Duration // answers 503 to everything until then
	KeepAlive  time.Duration // closes connections idle for so long; 0: 2 minutes. uvicorn has 5 s
	Seed       uint64        // of the tables, times and failures; the same seed, the same service
}

// Slow makes one endpoint slower. The zero value names no endpoint and is refused.
type Slow struct {
	Endpoint string        // METHOD PATH as ParseSlow gives it, ids written {id}
	Median   time.Duration // median time, its ups and downs kept; 0: as it is
	More     float64       // added share of the base time, 0.6 for 60 % more
}

// Fail makes a share of one endpoint's requests answer 500.
type Fail struct {
	Endpoint string  // METHOD PATH as ParseFail gives it
	Share    float64 // in [0,1]
}

// Freeze stops every request for a while at regular times, counted from the
// start of the server, as a garbage collection or a blocked event loop does.
// The zero value never stops.
type Freeze struct {
	For   time.Duration
	Every time.Duration
}

// RateLimit allows so many requests in each window to one client address. The
// zero value is no limit.
type RateLimit struct {
	Requests int
	Window   time.Duration
}

// ParseSlow reads "GET /api/performance/analytics=600ms" (a median of 600 ms)
// or "GET /api/performance/analytics=+60%" (60 % slower). A number may stand
// for an {id}, and a query is ignored. An unknown endpoint is an error.
func ParseSlow(text string) (Slow, error) {
	name, value, err := assignment(text, "GET /api/performance/analytics=600ms or GET /api/performance/analytics=+60%")
	if err != nil {
		return Slow{}, fmt.Errorf("read slow endpoint: %w", err)
	}
	if more, ok := strings.CutPrefix(value, "+"); ok {
		share, err := parseShare(more, 100)
		if err != nil {
			return Slow{}, fmt.Errorf("read slow endpoint %q: %w", text, err)
		}
		return Slow{Endpoint: name, More: share}, nil
	}
	median, err := parseTime(value, time.Minute)
	if err != nil {
		return Slow{}, fmt.Errorf("read slow endpoint %q: %w", text, err)
	}
	return Slow{Endpoint: name, Median: median}, nil
}

// ParseFail reads "POST /api/sessions=2%": that share of the endpoint's
// requests answers 500. The endpoint is written as for ParseSlow.
func ParseFail(text string) (Fail, error) {
	name, value, err := assignment(text, "POST /api/sessions=2%")
	if err != nil {
		return Fail{}, fmt.Errorf("read failing endpoint: %w", err)
	}
	share, err := parseShare(value, 1)
	if err != nil {
		return Fail{}, fmt.Errorf("read failing endpoint %q: %w", text, err)
	}
	return Fail{Endpoint: name, Share: share}, nil
}

// ParseFreeze reads "500ms/5s": stopped for 500 ms every 5 s.
func ParseFreeze(text string) (Freeze, error) {
	stop, every, ok := strings.Cut(text, "/")
	if !ok {
		return Freeze{}, fmt.Errorf("read freeze: %q has no period; write one like 500ms/5s", text)
	}
	var f Freeze
	var err error
	if f.For, err = parseTime(stop, time.Hour); err != nil {
		return Freeze{}, fmt.Errorf("read freeze %q: %w", text, err)
	}
	if f.Every, err = parseTime(every, time.Hour); err != nil {
		return Freeze{}, fmt.Errorf("read freeze %q: %w", text, err)
	}
	return f, f.check()
}

// ParseRateLimit reads "100/min": 100 requests a minute for each client
// address. The windows are s, min and h.
func ParseRateLimit(text string) (RateLimit, error) {
	number, unit, _ := strings.Cut(text, "/")
	windows := map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour}
	n, err := strconv.Atoi(strings.TrimSpace(number))
	window := windows[strings.TrimSpace(unit)]
	if err != nil || n < 1 || window == 0 {
		return RateLimit{}, fmt.Errorf("read rate limit: %q is not a limit; write a whole number of requests and s, min or h, like 100/min", text)
	}
	return RateLimit{Requests: n, Window: window}, nil
}

func (f Freeze) check() error {
	if f.For > 0 && f.Every > 0 && f.For < f.Every || f == (Freeze{}) {
		return nil
	}
	return fmt.Errorf("freeze of %v every %v never thaws; write a stop shorter than its period, like 500ms/5s", f.For, f.Every)
}

// check tells every mistake in options that no parser has seen.
func (o *Options) check() error {
	errs := []error{o.Freeze.check()}
	for _, slow := range o.Slow {
		_, err := endpoint(slow.Endpoint)
		errs = append(errs, err)
		if slow.Median < 0 || !(slow.More >= 0) || slow.Median == 0 && slow.More == 0 {
			errs = append(errs, fmt.Errorf("%s: slow by nothing; give a median or a share above 0", slow.Endpoint))
		}
	}
	for _, fail := range o.Fail {
		_, err := endpoint(fail.Endpoint)
		errs = append(errs, err)
		if !(fail.Share >= 0 && fail.Share <= 1) {
			errs = append(errs, fmt.Errorf("%s: failing share %v is outside 0 to 1", fail.Endpoint, fail.Share))
		}
	}
	if o.RateLimit.Requests < 0 || (o.RateLimit.Requests > 0) != (o.RateLimit.Window > 0) {
		errs = append(errs, fmt.Errorf("rate limit of %d in %v is none; give both above 0", o.RateLimit.Requests, o.RateLimit.Window))
	}
	if o.StartDelay < 0 || o.KeepAlive < 0 {
		errs = append(errs, errors.New("start delay and keep-alive must be 0s or more"))
	}
	return errors.Join(errs...)
}

// assignment splits ENDPOINT=VALUE at the last sign: a query has signs of its own.
func assignment(text, example string) (name, value string, err error) {
	i := strings.LastIndexByte(text, '=')
	if i < 0 {
		return "", "", fmt.Errorf("%q has no value; write one like %s", text, example)
	}
	name, err = endpoint(text[:i])
	return name, strings.TrimSpace(text[i+1:]), err
}

func parseTime(text string, most time.Duration) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return 0, fmt.Errorf("%s has no unit; write %sms or %ss", text, text, text)
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > most {
		return 0, fmt.Errorf("%q is not a time of more than 0s and at most %v; write one like 600ms", text, most)
	}
	return d, nil
}

// parseShare reads a percentage above 0 and returns it as a ratio of at most most.
func parseShare(text string, most float64) (float64, error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case err == nil && !ok:
		return 0, fmt.Errorf("%s has no unit; write %s%%", number, number)
	case err != nil || math.IsNaN(x) || x <= 0 || x > 100*most:
		return 0, fmt.Errorf("%q is not a share of more than 0%% and at most %.0f%%; write one like 2%%", text, 100*most)
	}
	return x / 100, nil
}
