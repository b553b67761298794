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
// a run: unsigned varints of the exact minimum, spread (maximum minus
// minimum) and sum in nanoseconds, then for each bucket its distance in microseconds from the one
// before and its count. Nil is the empty distribution. It is immutable.
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

// Into adds the distribution to l. Damaged bytes are an error and leave l as
// it was.
func (s Sparse) Into(l *Latency) error {
	if len(s) == 0 {
		return nil
	}
	in := reader{rest: s}
	var read Latency
	lowest := time.Duration(in.next(math.MaxInt64))
	spread := time.Duration(in.next(uint64(math.MaxInt64 - lowest)))
	sum := time.Duration(in.next(math.MaxInt64))
	limit := uint64(Longest / resolution)
	var value uint64
	for len(in.rest) > 0 && !in.damaged {
		value += in.next(limit - value)
		count := in.next(1 << 48)
		if count == 0 || int64(value)&(width(int64(value))-1) != 0 {
			return errSparse
		}
		read.add(edge(int64(value)), int64(count))
	}
	if in.damaged || read.Count() == 0 {
		return errSparse
	}
	if mean := sum / time.Duration(read.Count()); mean < lowest || mean > lowest+spread {
		return errSparse
	}
	read.min, read.max, read.sum = lowest, lowest+spread, sum
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
