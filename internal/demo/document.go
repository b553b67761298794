package demo

import (
	"strconv"
	"strings"
)

// document is a JSON text.
type document []byte

// writer writes one document from left to right, with commas where they belong. Texts keep
// their characters: only what JSON does not allow is escaped, as a database writes it, and
// not what encoding/json escapes for browsers.
type writer struct{ out document }

// separate writes the comma between two values.
func (w *writer) separate() {
	if n := len(w.out); n > 0 && !strings.ContainsRune("{[:", rune(w.out[n-1])) {
		w.out = append(w.out, ',')
	}
}

// open begins an object or a list, and shut ends it.
func (w *writer) open(bracket byte) {
	w.separate()
	w.out = append(w.out, bracket)
}

func (w *writer) shut(bracket byte) { w.out = append(w.out, bracket) }

// name begins a member of an object; its value is written next.
func (w *writer) name(name string) *writer {
	w.text(name)
	w.out = append(w.out, ':')
	return w
}

func (w *writer) null() {
	w.separate()
	w.out = append(w.out, "null"...)
}

func (w *writer) boolean(b bool) {
	w.separate()
	w.out = strconv.AppendBool(w.out, b)
}

func (w *writer) integer(n int64) {
	w.separate()
	w.out = strconv.AppendInt(w.out, n, 10)
}

// decimal writes a number that is not whole by nature: 4 is 4.0.
func (w *writer) decimal(x float64, decimals int) {
	w.separate()
	w.out = appendRounded(w.out, x, decimals)
}

func (w *writer) decimalOrNull(x *float64, decimals int) {
	if x == nil {
		w.null()
		return
	}
	w.decimal(*x, decimals)
}

func (w *writer) text(text string) {
	const short, letters, digits = "\b\f\n\r\t", "bfnrt", "0123456789abcdef"
	w.separate()
	w.out = append(w.out, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			w.out = append(w.out, '\\', c)
		case c >= ' ':
			w.out = append(w.out, c)
		case strings.IndexByte(short, c) >= 0:
			w.out = append(w.out, '\\', letters[strings.IndexByte(short, c)])
		default:
			w.out = append(w.out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	w.out = append(w.out, '"')
}

func (w *writer) textOrNull(text *string) {
	if text == nil {
		w.null()
		return
	}
	w.text(*text)
}
