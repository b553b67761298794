package metric

import "fmt"

// Failure is the kind of a failed request. The zero value, OK, is none: a
// request is a failure only when something was found wrong with it, and every
// path that ends a request sets it.
type Failure uint8

// The kinds of failure; the same list in every output.
const (
	OK          Failure = iota
	Status              // the status is not 2xx and no expect says otherwise
	Redirect            // a 3xx that the step does not follow
	Timeout             // no whole answer within the timeout
	DNS                 // the name did not resolve
	Refused             // nothing accepted the connection
	Reset               // the connection broke before the answer was whole
	TLS                 // the handshake failed
	Body                // the answer is not well-formed HTTP, or its body cannot be read
	TooLarge            // the answer is larger than the limit
	Expectation         // the step's expect is false, or an answer of GraphQL says that it failed
	Capture             // a capture found nothing
	Expression          // an expression of the step failed; nothing was sent
)

var failureNames = [...]string{
	"ok", "status", "redirect", "timeout", "dns", "refused", "reset", "tls", "body", "too-large",
	"expectation", "capture", "expression",
}

// Failures lists every kind of failure, OK left out, in their fixed order.
func Failures() []Failure {
	kinds := make([]Failure, 0, len(failureNames)-1)
	for k := Status; int(k) < len(failureNames); k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// Silent says whether the kind means that no answer came: the target, or the
// way to it, did not work at all.
func (f Failure) Silent() bool {
	switch f {
	case Timeout, DNS, Refused, Reset, TLS:
		return true
	}
	return false
}

// Sent says whether a request went out at all. An expression that fails
// keeps it back.
func (f Failure) Sent() bool { return f != Expression }

// String is the name used in every output.
func (f Failure) String() string {
	if int(f) < len(failureNames) {
		return failureNames[f]
	}
	return fmt.Sprintf("Failure(%d)", uint8(f))
}

// MarshalText writes the name.
func (f Failure) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a name that MarshalText wrote.
func (f *Failure) UnmarshalText(text []byte) error {
	for i, name := range failureNames {
		if name == string(text) {
			*f = Failure(i)
			return nil
		}
	}
	return fmt.Errorf("unknown kind of failure %q", text)
}
