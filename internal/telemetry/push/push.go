// Package push brings messages of OTLP to a collector over HTTP, and reads where that is from a flag or from the
// standard variables of OpenTelemetry. It does not know what is in a message, and says nothing of where it went but
// the host: addresses and headers hold secrets.
package push

import (
	"bytes"
	"compress/gzip"
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

const (
	// Within is how long one message may take, other attempts included.
	Within = 2 * time.Second
	// firstPause is before the second attempt; later ones are longer.
	firstPause = 200 * time.Millisecond
	// answerLimit is how much of an answer is read: it is a word or two.
	answerLimit = 64 << 10
)

// Client sends messages to one address. It is safe for concurrent use.
type Client struct {
	settings Settings
	http     http.Client
}

// New is a client for these settings.
func New(s Settings) *Client {
	if s.Transport == nil {
		s.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	return &Client{settings: s, http: http.Client{Transport: s.Transport,
		// Headers go to the host that they are for, and to no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Close gives up idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Push sends one message. It tries again while there is time, where OTLP allows that: after 429, 502, 503 and 504, and
// where there was no connection. The error names the host, and neither address nor headers. Rejected is how many
// values the collector did not take of a message that it took.
func (c *Client) Push(ctx context.Context, message []byte) (rejected int64, err error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(message); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, Within)
	defer cancel()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.Multiplier = firstPause, 2
	var last error
	rejected, err = backoff.Retry(ctx, func() (int64, error) {
		n, err := c.send(ctx, packed.Bytes())
		if err != nil && (last == nil || ctx.Err() == nil) {
			last = err // that the time is up says less than why it was needed
		}
		return n, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(Within))
	if err != nil {
		said := c.settings.hide(safetext.Brief(safetext.Line(last.Error()), 200))
		return 0, fmt.Errorf("%s: %s", c.settings.Host(), said)
	}
	return rejected, nil
}

func (c *Client) send(ctx context.Context, packed []byte) (rejected int64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.settings.URL.String(), bytes.NewReader(packed))
	if err != nil {
		return 0, backoff.Permanent(errors.New("the address cannot be read"))
	}
	req.Header.Set("User-Agent", "loadgate")
	for name, value := range c.settings.Header {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "gzip")
	res, err := c.http.Do(req)
	if err != nil {
		return 0, connection(ctx, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		// It took the message, and nothing depends on what else it says.
		rejected, _ := readAnswer(body)
		return rejected, nil
	case err != nil:
		return 0, backoff.Permanent(fmt.Errorf("%d: read its answer: %w", res.StatusCode, err))
	}
	refused := errors.New(strings.TrimSpace(strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode) +
		message(res.Header.Get("Content-Type"), body)))
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
			return 0, waiting{refused, backoff.RetryAfter(min(seconds, int(time.Hour/time.Second)))}
		}
		return 0, refused
	}
	return 0, backoff.Permanent(refused)
}

// waiting is a refusal that says when to come again.
type waiting struct{ refused, after error }

func (w waiting) Error() string   { return w.refused.Error() }
func (w waiting) Unwrap() []error { return []error{w.refused, w.after} }

// connection is why there was no answer, without the address.
func connection(ctx context.Context, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return backoff.Permanent(fmt.Errorf("no answer within %s", Within))
	case ctx.Err() != nil:
		return backoff.Permanent(errors.New("no answer before the end"))
	case strings.Contains(err.Error(), "invalid proxy"):
		return backoff.Permanent(errors.New("the address of the proxy cannot be read")) // it may hold a password
	}
	return err
}
