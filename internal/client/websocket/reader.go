package websocket

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrLarge is the error of a message of more than Reader.Most bytes.
var ErrLarge = errors.New("the message is larger than the limit")

// Message is one message, or one control frame.
type Message struct {
	Opcode Opcode // Text, Binary, Close, Ping or Pong
	Data   []byte // valid until the next message; of a Close without its code
	Code   uint16 // of a Close; 0: it has none
}

// Reader takes what a server sends apart. It begins with Most alone set. Not safe for concurrent use.
type Reader struct {
	Most int64 // bytes of one message

	head    []byte // of the frame under way, as far as it has come
	opcode  Opcode // of the frame under way
	final   bool
	left    int64  // bytes of the frame under way that have not come
	within  bool   // the head of a frame has come, and not all of its bytes
	kind    Opcode // of the message under way; more: there is none
	data    []byte // of the message under way
	control []byte // of the control frame under way
}

// Next reads up to the end of the next message or control frame and returns how many bytes that took; whole is false
// where it has not ended with them, and all are taken. What follows an error is not to be read: it says what of RFC
// 6455 the server broke, or is ErrLarge.
func (r *Reader) Next(p []byte) (n int, m Message, whole bool, err error) {
	for n < len(p) || r.within && r.left == 0 {
		if !r.within {
			r.head = append(r.head, p[n])
			n++
			if err := r.begin(); err != nil {
				return n, m, false, err
			}
			continue
		}
		taken := int(min(r.left, int64(len(p)-n)))
		if r.opcode.control() {
			r.control = append(r.control, p[n:n+taken]...)
		} else {
			r.data = append(r.data, p[n:n+taken]...)
		}
		n += taken
		if r.left -= int64(taken); r.left > 0 {
			break
		}
		r.within, r.head = false, r.head[:0]
		if m, whole, err = r.end(); whole || err != nil {
			return n, m, whole, err
		}
	}
	return n, m, false, nil
}

// begin reads the head of a frame once all of it has come.
func (r *Reader) begin() error {
	h := r.head
	if len(h) < 2 {
		return nil
	}
	size := int(h[1] &^ masked)
	length, extended := int64(size), 2
	switch {
	case h[1]&masked != 0:
		return errors.New("a frame of the server is masked")
	case size == 126:
		extended = 4
	case size == 127:
		extended = 10
	}
	if len(h) == 2 {
		if err := r.check(h[0], size); err != nil || extended > 2 {
			return err
		}
	}
	if len(h) < extended {
		return nil
	}
	switch extended {
	case 4:
		length = int64(binary.BigEndian.Uint16(h[2:]))
	case 10:
		length = int64(binary.BigEndian.Uint64(h[2:]))
	}
	if length < 0 || extended == 4 && length <= mostControl || extended == 10 && length <= 1<<16-1 {
		return errors.New("the length of a frame is not written as it has to be")
	}
	if !r.opcode.control() && length > r.Most-int64(len(r.data)) {
		return ErrLarge
	}
	r.left, r.within = length, true
	return nil
}

// check reads the first byte of a frame, whose second says its size.
func (r *Reader) check(first byte, size int) error {
	r.final, r.opcode = first&final != 0, Opcode(first&15)
	switch {
	case first&reserved != 0:
		return errors.New("a frame has bits of an extension that was not offered")
	case r.opcode.control() && (!r.final || size > mostControl):
		return errors.New("a control frame is in parts, or longer than 125 bytes")
	case r.opcode == more && r.kind == more:
		return errors.New("a frame goes on with a message that has not begun")
	case (r.opcode == Text || r.opcode == Binary) && r.kind != more:
		return errors.New("a message begins before the one before it has ended")
	case r.opcode > Binary && r.opcode < Close || r.opcode > Pong:
		return fmt.Errorf("a frame has the opcode %d, which means nothing", r.opcode)
	}
	if r.opcode == Text || r.opcode == Binary {
		r.kind, r.data = r.opcode, r.data[:0]
	}
	r.control = r.control[:0]
	return nil
}

// end is what a whole frame comes to.
func (r *Reader) end() (m Message, whole bool, err error) {
	if r.opcode.control() {
		m = Message{Opcode: r.opcode, Data: r.control}
		if r.opcode == Close {
			err = m.closing()
		}
		return m, err == nil, err
	}
	if !r.final {
		return m, false, nil
	}
	m = Message{Opcode: r.kind, Data: r.data}
	if r.kind == Text && !utf8.Valid(r.data) {
		return m, false, errors.New("a text is not valid UTF-8")
	}
	r.kind, r.data = more, r.data[:0] // the bytes stay until the next message
	return m, true, nil
}

// closing takes the code of a Close from its data.
func (m *Message) closing() error {
	if len(m.Data) == 0 {
		return nil
	}
	if len(m.Data) == 1 {
		return errors.New("a close has half a code")
	}
	m.Code, m.Data = binary.BigEndian.Uint16(m.Data), m.Data[2:]
	reserved := m.Code < 1000 || m.Code >= 1004 && m.Code <= 1006 || m.Code >= 1015 && m.Code < 3000 || m.Code >= 5000
	if reserved || !utf8.Valid(m.Data) {
		return fmt.Errorf("a close has the code %d, or a reason that is not valid UTF-8", m.Code)
	}
	return nil
}
