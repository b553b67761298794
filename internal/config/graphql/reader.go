package graphql

import "strings"

// token is the kind of what a reader is at.
type token uint8

const (
	end    token = iota // of the document, or of what can be read
	name                // a word
	quoted              // a string or block string
	other               // a punctuator of one byte, or a number
)

// reader takes a document apart. After an error it is at its end.
type reader struct {
	text        string
	kind        token
	start, stop int // of the token, in bytes
	err         error
}

// word is the token as written; "" at the end and for strings, which are never what a definition begins with.
func (r *reader) word() string {
	if r.kind == end || r.kind == quoted {
		return ""
	}
	return r.text[r.start:r.stop]
}

// fail keeps the first error and ends the reading.
func (r *reader) fail(offset int, message string) {
	if r.err == nil {
		r.err = &Error{offset, message}
	}
	r.kind, r.start, r.stop = end, len(r.text), len(r.text)
}

const holes = "has ${ }, which is not filled in there: a query is sent as it is. Declare a variable, such as " +
	"query Item($id: ID!), and write ${ } under variables"

// next moves to the next token.
func (r *reader) next() {
	if r.err != nil {
		return
	}
	at := r.blank(r.stop)
	r.start = at
	switch rest := r.text[at:]; {
	case rest == "":
		r.kind, r.stop = end, at
	case letter(rest[0]):
		for r.kind = name; at < len(r.text) && (letter(r.text[at]) || digit(r.text[at])); {
			at++
		}
		r.stop = at
	case strings.HasPrefix(rest, `"""`):
		r.block()
	case rest[0] == '"':
		r.line()
	case strings.HasPrefix(rest, "${"):
		r.fail(at, holes)
	default:
		r.kind, r.stop = other, at+1
	}
}

// blank is the offset behind what a document ignores: blanks, commas, comments and a byte order mark.
func (r *reader) blank(at int) int {
	for at < len(r.text) {
		switch c := r.text[at]; {
		case c == ' ', c == '\t', c == '\n', c == '\r', c == ',':
			at++
		case c == '#':
			for at < len(r.text) && r.text[at] != '\n' && r.text[at] != '\r' {
				at++
			}
		case strings.HasPrefix(r.text[at:], "\ufeff"):
			at += len("\ufeff")
		default:
			return at
		}
	}
	return at
}

// line reads a string, which ends in its line.
func (r *reader) line() {
	for at := r.start + 1; at < len(r.text); at++ {
		switch r.text[at] {
		case '"':
			r.string(at + 1)
			return
		case '\\':
			if at+1 < len(r.text) && r.text[at+1] >= ' ' {
				at++
			}
		case '\n', '\r':
			r.fail(r.start, `has a string that does not end in its line; write the closing ", or """ around it`)
			return
		}
	}
	r.fail(r.start, `has a string that never ends; write the closing "`)
}

// block reads a block string, in which \""" is no end.
func (r *reader) block() {
	for at := r.start + 3; at < len(r.text); at++ {
		switch rest := r.text[at:]; {
		case strings.HasPrefix(rest, `\"""`):
			at += 3
		case strings.HasPrefix(rest, `"""`):
			r.string(at + 3)
			return
		}
	}
	r.fail(r.start, `has a block string that never ends; write the closing """`)
}

// string ends a string at an offset.
func (r *reader) string(stop int) {
	if at := strings.Index(r.text[r.start:stop], "${"); at >= 0 {
		r.fail(r.start+at, holes)
		return
	}
	r.kind, r.stop = quoted, stop
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
