package client

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/client/answerhead"
	"github.com/loadgate/loadgate/internal/metric"
)

// sampleSize is how much of an answer is kept as evidence, in bytes: more than
// anybody shows, since a secret of which the end was cut off could not be found.
const sampleSize = 1 << 10

// keptBuffer is the largest body buffer that an Exchange keeps for the next
// one, in bytes: thousands of users wait with their buffers in hand.
const keptBuffer = 64 << 10

// The protocols of an answer.
const (
	ProtoHTTP1 = "HTTP/1.1" // or HTTP/1.0, where a server answers so
	ProtoHTTP2 = "HTTP/2.0"
)

// Exchange is how one request went. The zero value is ready. A caller reuses
// one from request to request; Body, Sample and headers are valid until the
// next Do. Not safe for concurrent use.
type Exchange struct {
	Sent      time.Time // when connecting began, or the first byte was about to be written
	Done      time.Time // last byte of the final answer, or the failure
	Phases    Phases    // of the final hop
	Status    int       // of the final hop; 0: no answer
	Proto     string    // what the final hop was answered in, ProtoHTTP1 or ProtoHTTP2; "": no answer
	Location  string    // of a 3xx that was not followed
	Body      []byte    // whole and decoded, only with KeepBody; nil unless the answer came whole
	Sample    []byte    // at most 1,024 bytes of an answer with a status of 300 or more, to be masked before it is cut
	Received  int64     // bytes off the wire (inside TLS), all hops, heads included
	SentBytes int64     // bytes onto the wire (inside TLS), all hops and sendings, heads included
	Connects  int       // new connections
	Retries   int       // second sendings after the server had closed an idle connection
	Hops      int       // redirects followed, and challenges of Digest authentication answered
	// Failure is what the wire did: OK, Timeout, DNS, Refused, Reset, TLS, Body,
	// TooLarge, or Redirect for a hop that is not allowed or one too many;
	// Expression for a request that cannot be written as HTTP (a line break in
	// a header), of which nothing was sent. To judge a status is the caller's work.
	Failure metric.Failure
	Cause   metric.Cause // of some failures; else it says nothing more
	Detail  string       // the cause in a few words, without ephemeral ports; empty when OK

	head   *answerhead.Head // nil until the first answer
	buffer []byte
	sample []byte // nil until the first failure
}

// Phases are the times of one hop. A phase that did not happen is 0.
type Phases struct {
	DNS, Connect, TLS time.Duration
	FirstByte         time.Duration // request written to first byte of the answer
	Body              time.Duration // first to last byte; 0 when they came together
}

// Header returns the first header of the answer with that name, in any case;
// "" when it has none.
func (x *Exchange) Header(name string) string {
	if x.head == nil || x.Status == 0 {
		return ""
	}
	return string(x.head.Get(strings.ToLower(name)))
}

// ServerTiming is the Server-Timing header of the answer, several of them as one
// list, valid until the next Do; nil when it has none.
func (x *Exchange) ServerTiming() []byte {
	if x.head == nil || x.Status == 0 || !x.head.Timing {
		return nil
	}
	return x.head.List("server-timing")
}

// Unsent empties the exchange: nothing was sent, at that time.
func (x *Exchange) Unsent(at time.Time) {
	x.reset()
	x.Sent, x.Done = at, at
}

// reset empties the exchange for the next request.
func (x *Exchange) reset() {
	head, buffer, sample := x.head, x.buffer, x.sample
	if cap(buffer) > keptBuffer {
		buffer = nil
	}
	*x = Exchange{} // in place: a literal with the fields would be built on every user's stack first
	x.head, x.buffer, x.sample = head, buffer[:0], sample
}

// LetGo lets go of a body whose memory is too large to be kept until the next
// request. Body is nil then, and everything else stays.
func (x *Exchange) LetGo() {
	if cap(x.buffer) > keptBuffer || cap(x.Body) > keptBuffer { // a decoded body has a memory of its own
		x.buffer, x.Body = nil, nil
	}
}

// nextHop forgets the answer of the hop before; the counts go on.
func (x *Exchange) nextHop() {
	x.Phases, x.Status, x.Proto, x.Location, x.Body, x.Sample = Phases{}, 0, "", "", nil, nil
	x.buffer = x.buffer[:0]
}

// takeHead notes what the final head of a hop says.
func (x *Exchange) takeHead(proto string) {
	x.Status, x.Proto = x.head.Status, proto
	if x.Status >= 300 && x.Status < 400 {
		x.Location = string(x.head.Get("location"))
	}
}

// addSample keeps what there is room for.
func (x *Exchange) addSample(p []byte) {
	if x.sample == nil {
		x.sample = make([]byte, 0, sampleSize)
	}
	have := len(x.Sample)
	x.Sample = append(x.sample[:have], p[:min(len(p), sampleSize-have)]...)
}
