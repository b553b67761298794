package notify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/loadgate/loadgate/internal/safetext"
)

// Client sends, and tries again where that may help: after a connection that
// failed, an answer of 429 or of 500 and above. The zero value is ready. It is
// safe for concurrent use.
type Client struct {
	// Transport is nil for the usual one, with the proxies of the environment.
	Transport http.RoundTripper
	Timeout   time.Duration // of one exchange; zero: 10 s
	Wait      time.Duration // before the second attempt, doubled from there; zero: 1 s
	Within    time.Duration // of all attempts; zero: 60 s
}

const (
	attempts    = 4
	answerLimit = 32 << 20 // bytes; a page of a hundred full comments is smaller
)

// Error is another side that did not take what it was sent. Its text names
// the host, and never the address or the token.
type Error struct {
	Host string
	// Status is that of the answer, and 429 where it says in another way that too
	// much was asked in too short a time; 0: there was none.
	Status int
	cause  string
	tries  int
}

// Error says what was refused, by whom, and how often it was tried.
func (e *Error) Error() string {
	text := e.Host + ": " + e.cause
	if e.tries > 1 {
		text += fmt.Sprintf(" (tried %d times)", e.tries)
	}
	return text
}

// retryable is an error after which another attempt may help, at a time that the
// other side may have named.
type retryable struct {
	refused *Error
	after   *backoff.RetryAfterError // nil: it did not
}

func (e retryable) Error() string { return e.refused.Error() }

func (e retryable) Unwrap() []error {
	if e.after == nil {
		return []error{e.refused}
	}
	return []error{e.refused, e.after}
}

// retry calls op until it succeeds, fails for good, or time or attempts are
// used up. What op did before it failed must not hurt when done again.
func (c *Client) retry(ctx context.Context, op func(context.Context) error) error {
	within := cmp.Or(c.Within, time.Minute)
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.Multiplier = cmp.Or(c.Wait, time.Second), 2
	var last error
	tries := 0
	_, err := backoff.Retry(limited, func() (struct{}, error) {
		tries++
		last = op(limited)
		if again := (retryable{}); last != nil && !errors.As(last, &again) {
			return struct{}{}, backoff.Permanent(last)
		}
		return struct{}{}, last
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(attempts), backoff.WithMaxElapsedTime(within))
	var refused *Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(last, &refused):
		refused.tries = tries
		return refused
	}
	return last
}

// request is one exchange to be made.
type request struct {
	method, address string
	header          http.Header
	body            []byte
	secret          secret
	// words finds the message in the body of an answer; nil: the error does not
	// quote the body.
	words func(body []byte) string
}

// exchange makes a request once and returns the answer of a status of 200 to
// 299; every other is an error.
func (c *Client) exchange(ctx context.Context, r request) (http.Header, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.Timeout, 10*time.Second))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, r.address, bytes.NewReader(r.body))
	if err != nil {
		return nil, nil, errors.New("the address cannot be read")
	}
	req.Header = r.header.Clone()
	client := http.Client{Transport: c.Transport, CheckRedirect: sameHost}
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, retryable{&Error{Host: req.URL.Host, cause: r.secret.mask(reason(ctx, err))}, nil}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	switch {
	case res.StatusCode >= 300:
		return nil, nil, r.refusal(req.URL, res, body)
	case err != nil:
		return nil, nil,
			retryable{&Error{Host: req.URL.Host, cause: "read its answer: " + r.secret.mask(reason(ctx, err))}, nil}
	}
	return res.Header, body, nil
}

// sameHost follows a redirect only to the same host with the same method: a body
// may hold a secret, and a POST that became a GET delivers nothing.
func sameHost(next *http.Request, past []*http.Request) error {
	first := past[0]
	if len(past) > 3 || next.URL.Host != first.URL.Host || next.URL.Scheme != first.URL.Scheme ||
		next.Method != first.Method {
		return http.ErrUseLastResponse
	}
	return nil
}

// refusal words an answer that is none of success.
func (r request) refusal(to *url.URL, res *http.Response, body []byte) error {
	cause := strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode)
	if res.StatusCode < 400 {
		cause += ": it redirects, which is not followed to another host or with another method"
	}
	if r.words != nil {
		if words := cut(safetext.Line(r.words(body)), 200); words != "" {
			cause += ": " + words
		}
	}
	after := retryAfter(res.Header)
	// GitHub says it in two more ways than 429.
	limited := res.StatusCode == http.StatusTooManyRequests ||
		res.StatusCode == http.StatusForbidden && (after != nil || res.Header.Get("X-RateLimit-Remaining") == "0")
	e := &Error{Host: to.Host, Status: res.StatusCode, cause: strings.TrimSpace(r.secret.mask(cause))}
	if limited {
		e.Status = http.StatusTooManyRequests
	}
	if limited || res.StatusCode >= 500 {
		return retryable{e, after}
	}
	return e
}

// retryAfter reads how long to wait: seconds, or a moment; nil: it is not said.
func retryAfter(h http.Header) *backoff.RetryAfterError {
	if moment, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil &&
		h.Get("X-RateLimit-Remaining") == "0" {
		return &backoff.RetryAfterError{Duration: max(0, time.Until(time.Unix(moment, 0)))}
	}
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 && seconds < 1<<30 {
		return &backoff.RetryAfterError{Duration: time.Duration(seconds) * time.Second}
	}
	if moment, err := http.ParseTime(text); err == nil {
		return &backoff.RetryAfterError{Duration: max(0, time.Until(moment))}
	}
	return nil
}

// reason words what kept an exchange from an answer, without the address that
// net/http puts before it.
func reason(ctx context.Context, err error) string {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	switch text := err.Error(); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "no answer in time"
	case strings.Contains(text, "invalid proxy"):
		return "the address of the proxy cannot be read" // it may hold a password
	default:
		return safetext.Line(text)
	}
}
