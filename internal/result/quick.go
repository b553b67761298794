package result

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
)

// quick reads the text of a slice just as Journal writes it: without spaces, and with every key at its place. Where
// anything else comes, it gives up, and encoding/json reads the line: quick may know less, and never takes what
// encoding/json reads in another way. It needs a third of the time.
type quick struct {
	left   []byte // the text that was not read yet
	lost   bool   // it has given up, and nothing is left
	proven bool   // all checks of slots that do not depend on the run have passed so far
}

// readSlice reads a line of a journal that holds a slice; false: another line, or one that only encoding/json can read.
// Proven says that Slice.check would find nothing but what depends on the run. It keeps nothing of the text.
func readSlice(text []byte) (s *Slice, proven, ok bool) {
	text = bytes.TrimSuffix(text, []byte("\n"))
	if bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') >= 0 { // base64 would pass over them
		return nil, false, false
	}
	q := quick{left: text, proven: true}
	s = &Slice{}
	q.take(`{"slice":{"moment":`)
	q.moment(&s.Moment)
	if q.finds(`,"endpoints":[`) {
		s.Endpoints = make([]EndpointSlice, 0, min(bytes.Count(q.left, []byte(`{"index":`)), len(q.left)/shortestPart))
		for next := true; next; next = q.finds(`,`) {
			s.Endpoints = append(s.Endpoints, EndpointSlice{})
			q.endpoint(&s.Endpoints[len(s.Endpoints)-1])
		}
		q.take(`]`)
	}
	if q.finds(`,"readings":`) {
		q.other(&s.Readings)
	}
	s.Drain = q.finds(`,"drain":true`)
	if q.finds(`,"addresses":`) {
		q.other(&s.Addresses)
	}
	q.take(`}}`)
	if q.lost || len(q.left) > 0 {
		return nil, false, false
	}
	return s, q.proven && s.plausible() == nil, true
}

// shortestPart is the text of an EndpointSlice without its numbers: no line has more of them than fit into it.
const shortestPart = len(`{"index":,"slot":{"slot":,"requests":,"received_bytes":,"phases":{}}}`)

func (q *quick) moment(m *Moment) {
	q.small(`{"slot":`, &m.Slot)
	q.small(`,"users":`, &m.Users)
	q.histogram(`,"lag":"`, &m.Lag)
	q.perhaps(`,"offered":`, &m.Offered)
	q.perhaps(`,"dropped":`, &m.Dropped)
	if q.finds(`,"generator":`) {
		q.other(&m.Generator)
	}
	if q.finds(`,"loads":`) {
		q.other(&m.Loads)
	}
	q.take(`}`)
}

func (q *quick) endpoint(e *EndpointSlice) {
	q.small(`{"index":`, &e.Index)
	q.take(`,"slot":`)
	q.slot(&e.Slot)
	if q.finds(`,"failures":`) {
		q.other(&e.Failures)
	}
	if q.finds(`,"server":`) {
		q.other(&e.Server)
	}
	if q.finds(`,"exemplars":`) {
		q.other(&e.Exemplars)
	}
	q.take(`}`)
}

func (q *quick) slot(s *Slot) {
	var timed timed
	q.small(`{"slot":`, &s.Slot)
	q.number(`,"requests":`, &s.Requests)
	if q.finds(`,"failed":{`) {
		s.Failed = map[metric.Failure]int64{}
		for next := true; next; next = q.finds(`,`) {
			q.failed(s.Failed)
		}
		q.take(`}`)
	}
	timed.latency = q.histogram(`,"latency":"`, &s.Latency)
	timed.fromSend = q.histogram(`,"from_send":"`, &s.FromSend)
	timed.firstByte = q.histogram(`,"first_byte":"`, &s.FirstByte)
	timed.failed = q.histogram(`,"failed_latency":"`, &s.FailedLatency)
	q.number(`,"received_bytes":`, &s.Received)
	q.perhaps(`,"sent_bytes":`, &s.SentBytes)
	q.perhaps(`,"connects":`, &s.Connects)
	q.perhaps(`,"retries":`, &s.Retries)
	q.perhaps(`,"hops":`, &s.Hops)
	q.perhaps(`,"unsent":`, &s.Unsent)
	q.perhaps(`,"repeats":`, &s.Repeats)
	q.take(`,"phases":{`)
	q.phases(&s.Phases)
	q.take(`}`)
	q.proven = q.proven && s.plausible() == nil && s.agrees(timed) == nil
}

// phases reads fields that may all be left out: the first one that is there has no comma before it.
func (q *quick) phases(p *Phases) {
	comma := ""
	for _, field := range []struct {
		key string
		to  *time.Duration
	}{
		{`"dns_ns":`, &p.DNS}, {`"connect_ns":`, &p.Connect}, {`"tls_ns":`, &p.TLS},
		{`"first_byte_ns":`, &p.FirstByte}, {`"body_ns":`, &p.Body},
	} {
		if q.finds(comma + field.key) {
			*field.to = time.Duration(q.digits())
			comma = ","
		}
	}
	q.take(`}`)
}

// failed reads how often one kind of failure was counted.
func (q *quick) failed(counts map[metric.Failure]int64) {
	q.take(`"`)
	var kind metric.Failure
	if kind.UnmarshalText(q.until(`":`)) != nil {
		q.giveUp()
	}
	counts[kind] = q.digits()
}

func (q *quick) giveUp() { q.left, q.lost = nil, true }

// finds takes these bytes if they come next.
func (q *quick) finds(next string) bool {
	if len(q.left) < len(next) || string(q.left[:len(next)]) != next {
		return false
	}
	q.left = q.left[len(next):]
	return true
}

// take takes these bytes, which have to come next.
func (q *quick) take(next string) {
	if !q.finds(next) {
		q.giveUp()
	}
}

// until takes what comes before these bytes, and them.
func (q *quick) until(end string) []byte {
	before, after, found := bytes.Cut(q.left, []byte(end))
	if q.left = after; !found {
		q.giveUp()
	}
	return before
}

// number, perhaps and small read an integer that is not negative behind its key; perhaps, where the key is there.
func (q *quick) number(key string, to *int64) {
	q.take(key)
	*to = q.digits()
}

func (q *quick) perhaps(key string, to *int64) {
	if q.finds(key) {
		*to = q.digits()
	}
}

func (q *quick) small(key string, to *int) {
	q.take(key)
	n := q.digits()
	if *to = int(n); n > math.MaxInt32 {
		q.giveUp()
	}
}

// digits reads an integer of at most 18 digits, the first of which is 0 only where it is the only one.
func (q *quick) digits() (n int64) {
	const most = 18
	length := 0
	for length < len(q.left) && length <= most && '0' <= q.left[length] && q.left[length] <= '9' {
		n = 10*n + int64(q.left[length]-'0')
		length++
	}
	if length == 0 || length > most || length > 1 && q.left[0] == '0' {
		q.giveUp()
		return 0
	}
	q.left = q.left[length:]
	return n
}

// histogram reads one where its key, with the quote behind it, is there, and says how many durations it holds.
func (q *quick) histogram(key string, to *hist.Sparse) (durations int64) {
	if !q.finds(key) {
		return 0
	}
	s, durations, err := hist.ParseSparse(q.until(`"`))
	if err != nil || s == nil {
		q.giveUp()
	}
	*to = s
	return durations
}

// other reads a list or an object by encoding/json.
func (q *quick) other(to any) {
	end := nested(q.left)
	err := json.Unmarshal(q.left[:end], to)
	if q.left = q.left[end:]; err != nil {
		q.giveUp()
	}
}

// nested is the length of the list or the object that a text begins with; 0: there is none, it has no end, or it has
// more levels than any of Journal's.
func nested(text []byte) int {
	const deepest = 10
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			depth++
		case c == ']', c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		if depth < 1 || depth > deepest {
			return 0
		}
	}
	return 0
}
