package hist

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// Sparse is a Latency folded into a few bytes, for the thousands of slots of
// a run: unsigned varints of the exact minimum, the spread (maximum less
// minimum) and the sum, in nanoseconds, then for each bucket, in ascending
// order, the distance in microseconds of its lower edge from the one before
// and its count. Nil is the empty distribution. It is immutable.
//
// Note: the library's own encoding walks and compresses every bucket that
// could exist, half a millisecond a slot; this one is linear in the buckets
// in use.
type Sparse []byte

// Sparse folds l; nil when l is empty.
func (l *Latency) Sparse() Sparse {
	if l.Count() == 0 {
		return nil
	}
	b := binary.AppendUvarint(nil, uint64(l.min))
	b = binary.AppendUvarint(b, uint64(l.max-l.min))
	b = binary.AppendUvarint(b, uint64(l.sum))
	var last int64
	l.each(func(value, count int64) bool {
		b = binary.AppendUvarint(b, uint64(value-last))
		b = binary.AppendUvarint(b, uint64(count))
		last = value
		return true
	})
	return b
}

// errSparse is the one complaint about folded bytes: they are written by
// machines, so it helps nobody to say more.
var errSparse = errors.New("damaged histogram")

// most is the largest count that Into believes: no run comes near it, and
// millions of distributions of that size still add up without overflow.
const most = 1 << 40

// Into adds the distribution to l. Damaged bytes are an error and leave l as
// it was.
func (s Sparse) Into(l *Latency) error {
	if len(s) == 0 {
		return nil
	}
	in := reader{rest: s}
	var read Latency
	lowest := in.next(math.MaxInt64)
	highest := lowest + in.next(math.MaxInt64-lowest)
	sum := in.next(math.MaxUint64)
	first, last := bucket(time.Duration(lowest)), bucket(time.Duration(highest))
	var value int64
	for len(in.rest) > 0 {
		distance := int64(in.next(uint64(last - value)))
		value += distance
		count := int64(in.next(most))
		begins := read.Count() == 0
		if count == 0 || value != floor(value) || begins && value != first || !begins && distance == 0 {
			return errSparse
		}
		read.add(edge(value), count)
	}
	n := read.Count()
	if in.damaged || n == 0 || n > most || value != last {
		return errSparse
	}
	// min and max are two of the n durations; the others lie between them.
	read.min, read.max, read.sum = time.Duration(lowest), time.Duration(highest), sum
	if sum < product(read.min, n) || sum > product(read.max, n) {
		return errSparse
	}
	l.Merge(&read)
	return nil
}

// reader takes varints off the front and remembers the first that is damaged
// or above its bound.
type reader struct {
	rest    []byte
	damaged bool
}

func (r *reader) next(atMost uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > atMost {
		r.rest, r.damaged = nil, true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// MarshalText writes unpadded base64.
func (s Sparse) MarshalText() ([]byte, error) {
	return base64.RawStdEncoding.AppendEncode(nil, s), nil
}

// UnmarshalText reads what MarshalText wrote and proves that Into will accept
// it.
func (s *Sparse) UnmarshalText(text []byte) error {
	b, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("%w: %v", errSparse, err)
	}
	if err := Sparse(b).Into(new(Latency)); err != nil {
		return err
	}
	*s = b
	return nil
}
