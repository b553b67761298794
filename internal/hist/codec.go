package hist

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"sync"
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
	head, err := s.read(nil)
	return head.count, err
}

// Into adds the distribution to l. Damaged bytes are an error and leave l as
// it was.
func (s Sparse) Into(l *Latency) error {
	head, err := s.read(nil)
	if err != nil || head.count == 0 {
		return err
	}
	l.widen(head.min, head.max, head.sum)
	number := int64(0)
	for in := (reader{bytes: s, at: head.buckets}); in.more(); {
		distance, count := in.bucket(math.MaxInt32)
		number += distance
		l.put(valueOf(number), count)
	}
	return nil
}

// Sum is the distribution of all parts: the Sparse of the Latency that Into adds
// them to, without that histogram, which takes far longer. Nil when all are
// empty. Damaged bytes are an error.
func Sum(parts ...Sparse) (Sparse, error) {
	t := tallies.Get().(*tally)
	defer tallies.Put(t)
	var whole opened
	var only Sparse // the last that is not empty
	size, several := 0, false
	for _, part := range parts {
		head, err := part.read(t)
		if err != nil {
			t.empty(nil)
			return nil, err
		}
		if head.count == 0 {
			continue
		}
		if only == nil {
			whole = head
		} else {
			several = true
			whole.min, whole.max = min(whole.min, head.min), max(whole.max, head.max)
			whole.sum = sumOf(whole.sum, head.sum)
		}
		only = part
		size += len(part)
	}
	if !several {
		t.empty(nil)
		return only, nil
	}
	b := make(Sparse, 0, size)
	b = binary.AppendUvarint(b, uint64(whole.min))
	b = binary.AppendUvarint(b, uint64(whole.max-whole.min))
	b = binary.AppendUvarint(b, whole.sum)
	last := int64(0)
	t.empty(func(number, count int64) {
		b = appendBucket(b, number-last, count)
		last = number
	})
	return b, nil
}

// tally has a count for every bucket that could exist. It is empty between uses.
type tally struct {
	counts []int64  // by number of the bucket
	used   []uint64 // a bit for each bucket whose count is not 0
}

var tallies = sync.Pool{New: func() any {
	buckets := numberOf(bucket(Longest)) + 1
	return &tally{make([]int64, buckets), make([]uint64, buckets/64+1)}
}}

// empty takes everything out, in ascending order; visit may be nil.
func (t *tally) empty(visit func(number, count int64)) {
	for i, word := range t.used {
		for ; word != 0; word &= word - 1 {
			number := i*64 + bits.TrailingZeros64(word)
			if visit != nil {
				visit(int64(number), t.counts[number])
			}
			t.counts[number] = 0
		}
		t.used[i] = 0
	}
}

// opened is a Sparse whose every byte has been read and believed.
type opened struct {
	min, max time.Duration
	sum      uint64
	count    int64
	buckets  int // where they begin
}

// read reads all bytes, and adds the buckets to a tally, which may be nil: each
// figure reads every slot that it covers, and mostly just to add it up. After an
// error the tally has some of them.
func (s Sparse) read(t *tally) (opened, error) {
	if len(s) == 0 {
		return opened{}, nil
	}
	in := reader{bytes: s}
	lowest := in.next(math.MaxInt64)
	highest := lowest + in.next(math.MaxInt64-lowest)
	o := opened{min: time.Duration(lowest), max: time.Duration(highest), sum: in.next(math.MaxUint64)}
	o.buckets = in.at
	first, last := numberOf(bucket(o.min)), numberOf(bucket(o.max))
	var number int64
	for begins := true; in.more(); begins = false {
		var distance, count int64
		if at := in.at; at+1 < len(s) && s[at]&1 == 0 && s[at]&s[at+1] < 0x80 {
			// Most hold one and take a byte or two, as chance has it: reckoning which is faster than branching.
			low, high := int64(s[at]), int64(s[at+1])
			long := low >> 7
			distance, count, in.at = (low&0x7f|high<<7&-long)>>1, 1, at+1+int(long)
		} else {
			distance, count = in.bucket(last - number)
		}
		number += distance
		if count == 0 || number > last || begins && number != first || !begins && distance == 0 {
			return opened{}, errSparse
		}
		o.count += count
		if t != nil {
			t.counts[number] += count
			t.used[number/64] |= 1 << (number % 64)
		}
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
	v, n := binary.Uvarint(r.bytes[r.at:])
	if n <= 0 || v > atMost {
		r.at, r.damaged = len(r.bytes), true
		return 0
	}
	r.at += n
	return v
}

// bucket reads the distance and the count of one bucket; there is one more. A
// count of several that is none is damaged: there is one way to write each
// distribution.
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
	read, _, err := ParseSparse(text)
	if err == nil {
		*s = read
	}
	return err
}

// ParseSparse reads a text as UnmarshalText does, and counts the durations, for
// which it has to read all of it anyway.
func ParseSparse(text []byte) (s Sparse, durations int64, err error) {
	s, err = base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %v", errSparse, err)
	}
	head, err := s.read(nil)
	if err != nil {
		return nil, 0, err
	}
	return s, head.count, nil
}
