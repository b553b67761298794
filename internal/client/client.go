// Package client makes one HTTP exchange at a time for one virtual user,
// times it by phase and says how it ended. It does not know what the answer
// should have been.
package client

import (
	"context"
	"errors"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Config is what all users of a run share. BaseURL is absolute, http or https.
type Config struct {
	BaseURL   string
	Allow     []string      // host names, IP addresses and CIDR prefixes; checked at every dial on name and resolved address
	Timeout   time.Duration // whole exchange, redirects and a second sending included; 0: 10 s
	Connect   time.Duration // one connect with TLS; 0: the smaller of Timeout and 5 s
	MaxBody   int64         // bytes of one answer; 0: 10 MiB
	UserAgent string
}

// Field is one request header.
type Field struct{ Name, Value string }

// Request is what to send. Target is path and query as they go on the wire,
// below the base URL's own path; it begins with a slash.
type Request struct {
	Method   string
	Target   string
	Header   []Field
	Body     []byte        // nil: none
	Follow   bool          // follow redirects to allowed hosts
	KeepBody bool          // keep the answer's body for the caller
	Timeout  time.Duration // 0: the client's
}

// Exchange is how one request went. A caller reuses one from request to
// request; Body, Sample and headers are valid until the next Do.
type Exchange struct {
	Sent      time.Time // when connecting began, or the first byte was about to be written
	Done      time.Time // last byte of the final answer, or the failure
	Phases    Phases    // of the final hop
	Status    int       // 0: no answer
	Location  string    // of a 3xx that was not followed
	Body      []byte    // whole, only with KeepBody
	Sample    []byte    // at most 200 bytes of an answer with a status of 300 or more
	Received  int64     // bytes on the wire, all hops, heads included
	SentBytes int64
	Connects  int // new connections
	Retries   int // second sendings after the server had closed an idle connection
	Hops      int // redirects followed
	// Failure is what the wire did: OK, Timeout, DNS, Refused, Reset, TLS, Body,
	// TooLarge, or Redirect for a hop that is not allowed or one too many. To
	// judge a status is the caller's work.
	Failure metric.Failure
	Detail  string // the cause in a few words; empty when OK
}

// Header returns a header of the answer, "" when it has none of that name.
func (x *Exchange) Header(name string) string { return "" }

// Phases are the times of one hop. A phase that did not happen is 0.
type Phases struct {
	DNS, Connect, TLS time.Duration
	FirstByte         time.Duration // request written to first byte of the answer
	Body              time.Duration // first to last byte
}

type Client struct{}

func New(cfg Config) (*Client, error) { return nil, errors.New("client: nothing here") }
func (c *Client) Session() *Session   { return nil }

type Session struct{}

func (s *Session) Do(ctx context.Context, req *Request, x *Exchange) {}
func (s *Session) Close()                                            {}

type HostError struct{ Host, Address string }

func (e *HostError) Error() string { return "" }

func CheckHost(host string, allow []string) error { return nil }
