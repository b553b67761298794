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
// minimum) and the sum, in nanoseconds, then for each bucket in use, in
// ascending order, twice the distance of its number from that of the one before
// (of the first: from 0), and one more where it holds several; then their count
// follows. In a second nearly every bucket holds one, so that most take a single
// byte. Nil is the empty distribution. It is immutable.
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
		number := numberOf(value)
		b = appendBucket(b, number-last, count)
		last = number
		return true
	})
	return b
}

// appendBucket adds the bucket that lies a distance above the one before.
func appendBucket(b Sparse, distance, count int64) Sparse {
	if count == 1 {
		return binary.AppendUvarint(b, uint64(distance)<<1)
	}
	b = binary.AppendUvarint(b, uint64(distance)<<1|1)
	return binary.AppendUvarint(b, uint64(count))
}

// errSparse is the only error for folded bytes: machines write them, so more
// detail would help nobody.
var errSparse = errors.New("damaged histogram")

// most is the largest count that Into believes: no run comes near it, and
// millions of distributions of that size still add up without overflow.
const most = 1 << 40

// Count is the number of durations; an error when the bytes are damaged.
func (s Sparse) Count() (int64, error) {
	head, err := s.open()
	return head.count, err
}

// Into adds the distribution to l. Damaged bytes are an error and leave l as
// it was.
func (s Sparse) Into(l *Latency) error {
	head, err := s.open()
	if err != nil || head.count == 0 {
		return err
	}
	l.widen(head.min, head.max, head.sum)
	for w := head.walk(); w.count > 0; w.step() {
		l.put(valueOf(w.number), w.count)
	}
	return nil
}

// Plus is the distribution of both: what Into a Latency and its Sparse would give, without the histogram between them,
// which takes far longer than the few bytes. Damaged bytes are an error.
func (s Sparse) Plus(other Sparse) (Sparse, error) {
	a, err := s.open()
	if err != nil {
		return nil, err
	}
	b, err := other.open()
	switch {
	case err != nil:
		return nil, err
	case a.count == 0 && b.count == 0:
		return nil, nil
	case b.count == 0:
		return s, nil
	case a.count == 0:
		return other, nil
	}
	lowest, highest := min(a.min, b.min), max(a.max, b.max)
	both := make(Sparse, 0, len(s)+len(other))
	both = binary.AppendUvarint(both, uint64(lowest))
	both = binary.AppendUvarint(both, uint64(highest-lowest))
	both = binary.AppendUvarint(both, sumOf(a.sum, b.sum))
	last := int64(0)
	for x, y := a.walk(), b.walk(); x.count > 0 || y.count > 0; {
		number, count := x.number, x.count
		switch {
		case x.count == 0 || y.count > 0 && y.number < x.number:
			number, count = y.number, y.count
			y.step()
		case y.count > 0 && y.number == x.number:
			count += y.count
			x.step()
			y.step()
		default:
			x.step()
		}
		both = appendBucket(both, number-last, count)
		last = number
	}
	return both, nil
}

// walker goes from bucket to bucket of an opened Sparse; behind the last one the count is 0.
type walker struct {
	in            reader
	number, count int64
}

func (o *opened) walk() walker {
	w := walker{in: reader{bytes: o.buckets}}
	w.step()
	return w
}

func (w *walker) step() {
	if !w.in.more() {
		w.count = 0
		return
	}
	distance, count := w.in.bucket(math.MaxInt32)
	w.number, w.count = w.number+distance, count
}

// opened is a Sparse whose every byte has been read and believed.
type opened struct {
	min, max time.Duration
	sum      uint64
	count    int64
	buckets  []byte
}

// open reads the bytes once without keeping their buckets: each figure reads
// every slot that it covers, and mostly just to add it up.
func (s Sparse) open() (opened, error) {
	if len(s) == 0 {
		return opened{}, nil
	}
	in := reader{bytes: s}
	lowest := in.next(math.MaxInt64)
	highest := lowest + in.next(math.MaxInt64-lowest)
	o := opened{min: time.Duration(lowest), max: time.Duration(highest), sum: in.next(math.MaxUint64)}
	o.buckets = s[in.at:]
	first, last := numberOf(bucket(o.min)), numberOf(bucket(o.max))
	var number int64
	for in.more() {
		distance, count := in.bucket(last - number)
		number += distance
		begins := o.count == 0
		if count == 0 || begins && number != first || !begins && distance == 0 {
			return opened{}, errSparse
		}
		o.count += count
	}
	// min and max are two of the durations; the others lie between them.
	if in.damaged || o.count == 0 || o.count > most || number != last ||
		o.sum < product(o.min, o.count) || o.sum > product(o.max, o.count) {
		return opened{}, errSparse
	}
	return o, nil
}

// reader takes varints off the front and remembers the first that is damaged
// or above its bound.
type reader struct {
	bytes   []byte
	at      int // bytes before it were read
	damaged bool
}

func (r *reader) more() bool { return r.at < len(r.bytes) }

func (r *reader) next(atMost uint64) uint64 {
	if r.more() && r.bytes[r.at] < 0x80 && uint64(r.bytes[r.at]) <= atMost { // most are one byte
		r.at++
		return uint64(r.bytes[r.at-1])
	}
	v, n := binary.Uvarint(r.bytes[r.at:])
	if n <= 0 || v > atMost {
		r.at, r.damaged = len(r.bytes), true
		return 0
	}
	r.at += n
	return v
}

// bucket reads the distance and the count of one bucket. A count of several that
// is none is damaged: there is one way to write each distribution.
func (r *reader) bucket(farthest int64) (distance, count int64) {
	both := r.next(uint64(farthest)<<1 | 1)
	if both&1 == 0 {
		count = 1
	} else if count = int64(r.next(most)); count < 2 {
		r.damaged, count = true, 0
	}
	if r.damaged {
		return 0, 0
	}
	return int64(both >> 1), count
}

// Size is the length of the text that MarshalText writes, in bytes.
func (s Sparse) Size() int { return base64.RawStdEncoding.EncodedLen(len(s)) }

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
	if _, err := Sparse(b).open(); err != nil {
		return err
	}
	*s = b
	return nil
}
