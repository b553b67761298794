package fleet

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/loadgate/loadgate/internal/result"
)

// LongestLine is how many bytes a line of a journal may have, unpacked.
const LongestLine = 8 << 20

// Line is a line of a shard's journal on its way: the message of JournalSubject.
type Line struct {
	K      int // of the shard
	Seat   int // as in Welcome
	Round  int
	Number int    // from 1
	Text   []byte // as the journal has it
}

// lineHead is the number of bytes before the packed text.
const lineHead = 16

// EncodeLine is the message of a line.
func EncodeLine(l Line) ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var head [lineHead]byte
	for i, n := range []int{l.K, l.Seat, l.Round, l.Number} {
		binary.BigEndian.PutUint32(head[4*i:], uint32(n))
	}
	out.Write(head[:])
	packed := gzip.NewWriter(&out)
	_, err := packed.Write(l.Text)
	err = errors.Join(err, packed.Close())
	return out.Bytes(), err
}

// unpackers are used again: each has tens of kilobytes of its own.
var unpackers = sync.Pool{New: func() any { return new(gzip.Reader) }}

// LineHead reads a message without its text.
func LineHead(message []byte) (Line, error) {
	if len(message) < lineHead {
		return Line{}, errors.New("a line without its number")
	}
	number := func(at int) int { return int(binary.BigEndian.Uint32(message[at:])) }
	l := Line{K: number(0), Seat: number(4), Round: number(8), Number: number(12)}
	return l, l.check()
}

// DecodeLine reads a message. It comes from another machine: a text that is not one line, or that would grow
// beyond LongestLine, is refused.
func DecodeLine(message []byte) (Line, error) {
	l, err := LineHead(message)
	if err != nil {
		return Line{}, err
	}
	packed := unpackers.Get().(*gzip.Reader)
	defer unpackers.Put(packed)
	if err = packed.Reset(bytes.NewReader(message[lineHead:])); err == nil {
		l.Text, err = io.ReadAll(io.LimitReader(packed, LongestLine+1))
	}
	if err != nil {
		return Line{}, fmt.Errorf("line %d: %w", l.Number, err)
	}
	if err := l.check(); err != nil {
		return Line{}, err
	}
	if len(l.Text) == 0 || bytes.IndexByte(l.Text, '\n') != len(l.Text)-1 {
		return Line{}, fmt.Errorf("line %d is not one line", l.Number)
	}
	return l, nil
}

func (l Line) check() error {
	const most = 1 << 30
	inside := func(n, most int) bool { return n >= 1 && n <= most }
	switch {
	case !inside(l.K, result.MostShards) || !inside(l.Round, most) || !inside(l.Number, most) || l.Seat < 0:
		return fmt.Errorf("line %d of part %d in round %d cannot be", l.Number, l.K, l.Round)
	case len(l.Text) > LongestLine:
		return fmt.Errorf("line %d has more than %d MiB", l.Number, LongestLine>>20)
	}
	return nil
}
