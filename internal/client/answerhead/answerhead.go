// Package answerhead reads the head of an answer of HTTP/1: its status line, its fields, and what they say of the body.
package answerhead

import (
	"bytes"
	"iter"
	"slices"
)

// Head is the head of an answer, RFC 9112: its text and where the fields are
// in it. It is read as strictly as the framing of the body needs, since two
// readings of one head are two different answers, and as generously as servers
// in use need: a line may end in LF alone, a field may go on in the next line.
// It is used by one goroutine at a time; the zero value is empty.
type Head struct {
	text   []byte
	fields []span

	Status    int
	Minor     byte // of HTTP/1.minor
	Length    int64
	Lengths   int  // Content-Length fields that differ
	Codings   int  // Transfer-Encoding fields
	Chunked   bool // the last of them says so and nothing else
	close     bool // Connection
	keepAlive bool // Connection
	Cookies   bool // there is a Set-Cookie
	Timing    bool // there is a Server-Timing
}

// What a Head keeps room for after an answer, in bytes and fields, and what it begins with.
const (
	keptHead    = 4 << 10
	keptFields  = 128
	usualFields = 8
)

// span is where a field is in the head's text.
type span struct{ name, colon, value, end int32 }

// NoLength is the length of a head whose Content-Length is not a number.
const NoLength = -1

// Reset forgets the head, and keeps its room for the next one unless that is large.
func (h *Head) Reset() {
	if cap(h.text) > keptHead || cap(h.fields) > keptFields {
		h.text, h.fields = nil, nil
	}
	if h.fields == nil {
		h.fields = make([]span, 0, usualFields)
	}
	*h = Head{text: h.text[:0], fields: h.fields[:0]}
}

// Parse reads a head that is whole, to its empty line, and keeps a copy. False:
// it is not HTTP/1.
func (h *Head) Parse(text []byte) bool {
	h.Reset()
	h.text = append(h.text, text...)
	text = h.text
	end := lineEnd(text, 0)
	if !h.statusLine(TrimEnd(text[:end])) || bytes.IndexByte(text, 0) >= 0 {
		return false
	}
	for at := end; ; {
		end := lineEnd(text, at)
		line := TrimEnd(text[at:end])
		if len(line) == 0 {
			break
		}
		// A line that begins with a blank goes on with the field before it.
		for text[end] == ' ' || text[end] == '\t' {
			for i := at + len(line); i < end; i++ {
				text[i] = ' '
			}
			end = lineEnd(text, end)
			line = TrimEnd(text[at:end])
		}
		if !h.field(at, line) {
			return false
		}
		at = end
	}
	for i := range h.fields {
		h.note(&h.fields[i])
	}
	return true
}

// Set takes a head from where it was read already.
func (h *Head) Set(status int, fields map[string][]string) {
	h.Reset()
	h.Status, h.Minor = status, 1
	for name, values := range fields {
		for _, value := range values {
			at := int32(len(h.text))
			h.text = append(append(append(h.text, name...), ": "...), value...)
			colon := at + int32(len(name))
			h.fields = append(h.fields, span{at, colon, colon + 2, int32(len(h.text))})
		}
	}
	for i := range h.fields {
		h.note(&h.fields[i])
	}
}

// lineEnd is where the line at a place ends, its LF included. The caller knows
// that there is one.
func lineEnd(text []byte, at int) int {
	return at + bytes.IndexByte(text[at:], '\n') + 1
}

// TrimEnd is a line without its LF or CR LF.
func TrimEnd(line []byte) []byte {
	line = line[:len(line)-1]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// statusLine reads HTTP/1.x, a status of three digits from 100, and ignores
// the reason.
func (h *Head) statusLine(line []byte) bool {
	const proto = "HTTP/1."
	if len(line) < len(proto)+5 || string(line[:len(proto)]) != proto {
		return false
	}
	h.Minor = line[len(proto)] - '0'
	rest := line[len(proto)+1:]
	if h.Minor > 9 || rest[0] != ' ' || len(rest) > 4 && rest[4] != ' ' || bytes.IndexByte(line, '\r') >= 0 {
		return false
	}
	for _, c := range rest[1:4] {
		if c < '0' || c > '9' {
			return false
		}
		h.Status = h.Status*10 + int(c-'0')
	}
	return h.Status >= 100
}

// field reads a line, already unfolded, that begins at a place of the text.
func (h *Head) field(at int, line []byte) bool {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || bytes.IndexByte(line, '\r') >= 0 {
		return false
	}
	for _, c := range line[:colon] {
		if !IsTokenByte(c) {
			return false
		}
	}
	value, end := colon+1, len(line)
	for value < end && isBlank(line[value]) {
		value++
	}
	for value < end && isBlank(line[end-1]) {
		end--
	}
	h.fields = append(h.fields, span{int32(at), int32(at + colon), int32(at + value), int32(at + end)})
	return true
}

// note keeps what a field says of the framing and of the connection.
func (h *Head) note(f *span) {
	name, value := h.text[f.name:f.colon], h.text[f.value:f.end]
	switch {
	case equalFold(name, "content-length"):
		// The same length again, which proxies add in a field of its own or behind a
		// comma, is that length: RFC 9110, section 8.6.
		for item, more := []byte(nil), true; more; {
			item, value, more = bytes.Cut(value, []byte(","))
			if length := parseLength(bytes.Trim(item, " \t")); h.Lengths == 0 || length != h.Length {
				h.Lengths++
				h.Length = length
			}
		}
	case equalFold(name, "transfer-encoding"):
		h.Codings++
		h.Chunked = equalFold(value, "chunked")
	case equalFold(name, "connection"):
		for len(value) > 0 {
			option, rest, _ := bytes.Cut(value, []byte(","))
			option = bytes.Trim(option, " \t")
			h.close = h.close || equalFold(option, "close")
			h.keepAlive = h.keepAlive || equalFold(option, "keep-alive")
			value = rest
		}
	case equalFold(name, "set-cookie"):
		h.Cookies = true
	case equalFold(name, "server-timing"):
		h.Timing = true
	}
}

// parseLength reads digits; NoLength for anything else. More than 18 of them
// are larger than any limit, and not added up.
func parseLength(text []byte) int64 {
	var n int64
	if len(text) == 0 || len(text) > 18 {
		return NoLength
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return NoLength
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// Get is the value of the first field with a name in lower case; nil if there
// is none.
func (h *Head) Get(name string) []byte {
	i := slices.IndexFunc(h.fields, func(f span) bool { return equalFold(h.text[f.name:f.colon], name) })
	if i < 0 {
		return nil
	}
	return h.text[h.fields[i].value:h.fields[i].end]
}

// All are the values of the fields with a name in lower case, valid until the next head.
func (h *Head) All(name string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, f := range h.fields {
			if equalFold(h.text[f.name:f.colon], name) && !yield(h.text[f.value:f.end]) {
				return
			}
		}
	}
}

// List is the values of all fields with a name in lower case as one list, RFC 9110
// section 5.3; nil if there is none.
func (h *Head) List(name string) (list []byte) {
	for value := range h.All(name) {
		if list == nil {
			list = slices.Clip(value) // what is appended must not overwrite the head
		} else {
			list = append(append(list, ','), value...)
		}
	}
	return list
}

// Persistent reports whether the connection outlives the answer, RFC 9112
// section 9.3.
func (h *Head) Persistent() bool {
	return !h.close && (h.Minor >= 1 || h.keepAlive) && h.Status != 101
}

// equalFold compares with a text in lower case.
func equalFold(text []byte, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// IsTokenByte reports whether a token of RFC 9110, section 5.6.2, may hold a
// byte. One bit for each of ASCII.
func IsTokenByte(c byte) bool {
	const (
		low  = 1<<'!' | 1<<'#' | 1<<'$' | 1<<'%' | 1<<'&' | 1<<'\'' | 1<<'*' | 1<<'+' | 1<<'-' | 1<<'.' | (1<<10-1)<<'0'
		high = (1<<26-1)<<('A'-64) | 1<<('^'-64) | 1<<('_'-64) | 1<<('`'-64) |
			(1<<26-1)<<('a'-64) | 1<<('|'-64) | 1<<('~'-64)
	)
	switch {
	case c < 64:
		return uint64(low)>>c&1 == 1
	case c < 128:
		return uint64(high)>>(c-64)&1 == 1
	}
	return false
}
