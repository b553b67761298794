// Package events reads a stream of Server-Sent Events as it comes (HTML standard of the WHATWG, section 9.2). It knows
// no connection and no clock, and keeps no more than the event under way and the last that was whole.
package events

import (
	"bytes"
	"errors"
	"strconv"
)

// ErrLarge is the error of more than Reader.Most bytes without the end of an event.
var ErrLarge = errors.New("more bytes without an event than the limit")

// Event is one event.
type Event struct {
	Type  string // "": message
	Data  []byte // its lines, with a line feed between two of them
	ID    string // the last that the stream has set; "": none
	Retry int    // milliseconds, the last that the stream has set; 0: none
}

// Reader takes a stream apart. It begins with Most alone set. Not safe for concurrent use.
type Reader struct {
	Most int64 // bytes that may come without the end of an event, comments among them

	last, next Event
	line       []byte // the beginning of a line whose end has not come
	idle       int64  // bytes since the last event
	data       bool   // the event under way has a line of data
	begun      bool   // a line has ended
	returned   bool   // the last byte was a carriage return, and a line feed after it ends no line
}

// Next reads up to the end of the next event and returns how many bytes that took; whole is false where the event
// has not ended with them, and all are taken. What follows an error is not to be read.
func (r *Reader) Next(p []byte) (n int, whole bool, err error) {
	for n < len(p) {
		if r.returned {
			if r.returned = false; p[n] == '\n' {
				n++
				continue
			}
		}
		end := bytes.IndexAny(p[n:], "\r\n")
		taken := end + 1
		if end < 0 {
			taken = len(p) - n
		}
		if r.idle += int64(taken); r.idle > r.Most {
			return n, false, ErrLarge
		}
		if end < 0 {
			r.line = append(r.line, p[n:]...)
			return len(p), false, nil
		}
		line := p[n : n+end]
		if len(r.line) > 0 {
			r.line = append(r.line, line...)
			line, r.line = r.line, r.line[:0]
		}
		n += taken
		r.returned = p[n-1] == '\r'
		if r.take(line) {
			return n, true, nil
		}
	}
	return n, false, nil
}

// Last is the last event that was whole, valid until the next one is; the zero Event: there was none.
func (r *Reader) Last() Event { return r.last }

var mark = []byte("\ufeff")

// take reads one line without its end, and says whether it ends an event. An event without data is none.
func (r *Reader) take(line []byte) (whole bool) {
	if !r.begun {
		r.begun = true
		line = bytes.TrimPrefix(line, mark)
	}
	if len(line) > 0 {
		r.field(line)
		return false
	}
	if whole = r.data; whole {
		r.last, r.next = r.next, Event{Data: r.last.Data[:0], ID: r.next.ID, Retry: r.next.Retry}
		r.idle = 0
	}
	r.next.Type, r.data = "", false
	return whole
}

// field reads one field; comments and fields of other names say nothing.
func (r *Reader) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "event":
		r.next.Type = string(value)
	case "data":
		if r.data {
			r.next.Data = append(r.next.Data, '\n')
		}
		r.next.Data, r.data = append(r.next.Data, value...), true
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			r.next.ID = string(value)
		}
	case "retry":
		if n, err := strconv.ParseUint(string(value), 10, 31); err == nil {
			r.next.Retry = int(n)
		}
	}
}
