package live

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// event is what viewers are sent, and the same packed: a piece of a gzip stream that refers to no piece before it, so
// that it fits into every stream.
type event struct{ text, packed []byte }

// What streams say beside updates.
const (
	hereText = ": here\n\n" // they are connected
	endText  = "event: end\ndata: -\n\n"
)

// encoder makes events, one for all viewers who are sent the same. The zero value is ready. It is safe for concurrent
// use.
type encoder struct {
	mu       sync.Mutex
	from, to string // the states of the newest update
	update   event
	here     event
	packer   *flate.Writer
	packed   bytes.Buffer
}

// of is an update after a state. Most viewers follow closely: the first who asks encodes it, and the others wait for
// that.
func (e *encoder) of(from string, u htmlpage.Update) (event, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.from == from && e.to == u.At {
		return e.update, nil
	}
	var text bytes.Buffer
	text.WriteString("id: " + u.At + "\ndata: ")
	j := json.NewEncoder(&text)
	j.SetEscapeHTML(false) // a script reads it as JSON; tags would be three times as long
	if err := j.Encode(u); err != nil {
		return event{}, err
	}
	text.WriteString("\n")
	e.from, e.to, e.update = from, u.At, e.pack(text.Bytes())
	return e.update, nil
}

// alive is a comment.
func (e *encoder) alive() event {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.here.text == nil {
		e.here = e.pack([]byte(hereText))
	}
	return e.here
}

// end is the last event of a stream.
func (e *encoder) end() event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pack([]byte(endText))
}

func (e *encoder) pack(text []byte) event {
	e.packed.Reset()
	if e.packer == nil {
		e.packer, _ = flate.NewWriter(&e.packed, flate.BestSpeed) // a level that there is
	} else {
		e.packer.Reset(&e.packed)
	}
	_, _ = e.packer.Write(text) // a Buffer takes everything
	_ = e.packer.Flush()
	return event{text, bytes.Clone(e.packed.Bytes())}
}

// stream writes events, packed where the browser takes that.
type stream struct {
	w       io.Writer
	control *http.ResponseController
	packed  bool
	begun   bool
	sum     uint32 // of the texts that were sent
	size    uint32 // of them, modulo 2^32
}

func newStream(w http.ResponseWriter, r *http.Request) *stream {
	s := &stream{w: w, control: http.NewResponseController(w)}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		s.packed = true
	}
	return s
}

// The head of a gzip stream of no name and time that a fast packer made on an unknown system, and the empty block that
// ends one (RFC 1952, RFC 1951).
const (
	gzipHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
	gzipTail = "\x01\x00\x00\xff\xff"
)

func (s *stream) send(e event) error { return s.write(e, false) }

// end sends the last event. A browser that is gone misses nothing.
func (s *stream) end(e event) { _ = s.write(e, true) }

// write sends an event, and behind the last one the end of the stream.
func (s *stream) write(e event, last bool) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	parts := [][]byte{e.text}
	if s.packed {
		parts[0] = e.packed
		s.sum = crc32.Update(s.sum, crc32.IEEETable, e.text)
		s.size += uint32(len(e.text))
		if !s.begun {
			parts = [][]byte{[]byte(gzipHead), e.packed}
		}
		if last {
			end := binary.LittleEndian.AppendUint32([]byte(gzipTail), s.sum)
			parts = append(parts, binary.LittleEndian.AppendUint32(end, s.size))
		}
	}
	s.begun = true
	for _, part := range parts {
		if _, err := s.w.Write(part); err != nil {
			return err
		}
	}
	return s.control.Flush()
}
