package demo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// latestStart is how long after the beginning of the load a switch may begin.
const latestStart = 24 * time.Hour

// windows are the times that a switch may count in.
var windows = map[string]time.Duration{"s": time.Second, "m": time.Minute, "min": time.Minute, "h": time.Hour}

// ParseSlow reads "GET /api/performance/analytics=600ms" (a median of 600 ms)
// or "GET /api/performance/analytics=+60%" (60 % slower), "@20s" behind it for
// from 20 s of the load on. Without an endpoint it is every one of the API. A
// number may stand for an {id}, and a query is ignored. An unknown endpoint is
// an error.
func ParseSlow(text string) (Slow, error) {
	var slow Slow
	var value string
	var err error
	const example = "GET /api/performance/analytics=600ms or GET /api/performance/analytics=+60%"
	slow.Endpoint, value, slow.From, err = assignment(text, example)
	if err != nil {
		return Slow{}, fmt.Errorf("read slow endpoint: %w", err)
	}
	if more, ok := strings.CutPrefix(value, "+"); ok {
		slow.More, err = parseShare(more, 100)
	} else {
		slow.Median, err = parseTime(value, time.Minute)
	}
	if err != nil {
		return Slow{}, fmt.Errorf("read slow endpoint %q: %w", text, err)
	}
	return slow, nil
}

// ParseFail reads "POST /api/sessions=2%": that share of the endpoint's
// requests answers 500. The endpoint, and from when on, are written as for
// ParseSlow.
func ParseFail(text string) (Fail, error) {
	var fail Fail
	var value string
	var err error
	fail.Endpoint, value, fail.From, err = assignment(text, "POST /api/sessions=2%")
	if err != nil {
		return Fail{}, fmt.Errorf("read failing endpoint: %w", err)
	}
	if fail.Share, err = parseShare(value, 1); err != nil {
		return Fail{}, fmt.Errorf("read failing endpoint %q: %w", text, err)
	}
	return fail, nil
}

// ParseSpan reads "5s@30s", 5 s long from 0:30 of the load on, or "@30s", from
// then on for good.
func ParseSpan(text string) (Span, error) {
	length, start, ok := strings.Cut(text, "@")
	if !ok {
		return Span{}, fmt.Errorf("%q has no start; write 5s@30s for 5 s from 0:30 on, or @30s for good", text)
	}
	s := Span{Until: Forever}
	var err error
	if s.From, err = parseStart(start); err != nil {
		return Span{}, fmt.Errorf("read start of %q: %w", text, err)
	}
	if strings.TrimSpace(length) == "" {
		return s, nil
	}
	long, err := parseTime(length, latestStart)
	if err != nil {
		return Span{}, fmt.Errorf("read length of %q: %w", text, err)
	}
	s.Until = s.From + long
	return s, nil
}

// ParseFreeze reads "500ms/5s": stopped for 500 ms every 5 s, or a stop as
// ParseSpan reads it.
func ParseFreeze(text string) (Freeze, error) {
	if strings.Contains(text, "@") {
		once, err := ParseSpan(text)
		if err != nil {
			return Freeze{}, fmt.Errorf("read freeze: %w", err)
		}
		return Freeze{Once: once}, nil
	}
	stop, every, ok := strings.Cut(text, "/")
	if !ok {
		return Freeze{},
			fmt.Errorf("read freeze: %q has neither period nor start; write one like 500ms/5s or 8s@15s", text)
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

// ParseDrift reads "10%/m", 10 % of the base time more a minute, or "600ms/m",
// 600 ms more a minute. The windows are those of ParseRateLimit.
func ParseDrift(text string) (Drift, error) {
	by, window, _ := strings.Cut(text, "/")
	d := Drift{Per: windows[strings.TrimSpace(window)]}
	if d.Per == 0 {
		return Drift{}, fmt.Errorf("read drift: %q does not say in what time; write one like 10%%/m or 600ms/m", text)
	}
	var err error
	if strings.HasSuffix(strings.TrimSpace(by), "%") {
		d.Share, err = parseShare(by, 100)
	} else {
		d.By, err = parseTime(by, time.Hour)
	}
	if err != nil {
		return Drift{}, fmt.Errorf("read drift %q: %w", text, err)
	}
	return d, nil
}

// ParseRateLimit reads "100/min": 100 requests a minute for each client
// address. The windows are s, min or m, and h.
func ParseRateLimit(text string) (RateLimit, error) {
	requests, unit, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(strings.TrimSpace(requests))
	window := windows[strings.TrimSpace(unit)]
	if err != nil || n < 1 || window == 0 {
		return RateLimit{}, fmt.Errorf(
			"read rate limit: %q is not a limit; write a whole number of requests and s, min or h, like 100/min", text)
	}
	return RateLimit{Requests: n, Window: window}, nil
}

// ParsePool reads the number of database connections.
func ParsePool(text string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > mostConnections {
		return 0, fmt.Errorf("%q is not a number of connections; write 1 to %d", text, mostConnections)
	}
	return n, nil
}

// ParseWork reads what a request is kept with: more than 0s, at most a minute.
func ParseWork(text string) (time.Duration, error) { return parseTime(text, longestWork) }

// assignment splits ENDPOINT=VALUE@START at the last sign: a query has signs of
// its own. A value alone is that of all endpoints, "".
func assignment(text, example string) (name, value string, from time.Duration, err error) {
	var problem error
	i := strings.LastIndexByte(text, '=')
	switch {
	case i >= 0:
		name, problem = endpointNamed(text[:i])
	case strings.Contains(text, "/") || text == "":
		return "", "", 0, fmt.Errorf("%q has no value; write one like %s", text, example)
	}
	value, start, later := strings.Cut(text[i+1:], "@")
	if later {
		from, err = parseStart(start)
		if err != nil {
			err = fmt.Errorf("read start of %q: %w", text, err)
		}
	}
	return name, strings.TrimSpace(value), from, errors.Join(problem, err)
}

// parseStart reads when in the load something begins; 0s: with it.
func parseStart(text string) (time.Duration, error) {
	if d, err := time.ParseDuration(strings.TrimSpace(text)); err == nil && d == 0 {
		return 0, nil
	}
	return parseTime(text, latestStart)
}

func parseTime(text string, most time.Duration) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if x, ok := decimal(text); ok && x > 0 {
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
	percent, sign := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, ok := decimal(strings.TrimSpace(percent))
	switch {
	case ok && x > 0 && !sign:
		return 0, fmt.Errorf("%s has no unit; write %s%%", percent, percent)
	case !ok || x <= 0 || x > 100*most:
		return 0, fmt.Errorf("%q is not a share of more than 0%% and at most %.0f%%; write one like 2%%",
			text, 100*most)
	}
	return x / 100, nil
}

// decimal reads a number as people write one: finite, and in decimal.
func decimal(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) && !strings.ContainsAny(text, "xXpP_")
}
