// Package trace is W3C's trace context as far as a load needs it: the ids of a sampled request, the header that
// carries them, and links to where a trace is shown. It knows neither requests nor which of them are sampled.
package trace

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
)

// The headers of W3C's trace context.
const (
	Header      = "traceparent"
	StateHeader = "tracestate"
)

// Owns says whether a header, in any case, belongs to a trace context: who sends one has a context already.
func Owns(header string) bool {
	return strings.EqualFold(header, Header) || strings.EqualFold(header, StateHeader)
}

// ID is the id of a trace. The zero value is none, and W3C's invalid one.
type ID [16]byte

// Context is what a traceparent carries. The zero value is none: the request is not sampled.
type Context struct {
	Trace ID
	span  [8]byte
}

// Draw makes a context of the next numbers of a source. Ids of zeros alone, which are invalid, are drawn again.
func Draw(source rand.Source) (c Context) {
	for c.Trace == (ID{}) {
		put(c.Trace[:8], source.Uint64())
		put(c.Trace[8:], source.Uint64())
	}
	for c.span == [8]byte{} {
		put(c.span[:], source.Uint64())
	}
	return c
}

// put writes a number, its highest byte first.
func put(to []byte, n uint64) {
	for i := range to {
		to[i] = byte(n >> (56 - 8*i))
	}
}

// Sampled says whether there is a context.
func (c Context) Sampled() bool { return c != Context{} }

// AppendHeader appends the value of the header: version 00, both ids, and the flag of a sampled trace.
func (c Context) AppendHeader(dst []byte) []byte {
	dst = hex.AppendEncode(append(dst, "00-"...), c.Trace[:])
	return append(hex.AppendEncode(append(dst, '-'), c.span[:]), "-01"...)
}

// String is the value of the header.
func (c Context) String() string { return string(c.AppendHeader(nil)) }

// String is the id as W3C writes it: 32 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText writes String.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what String writes, and nothing else: capital digits and the invalid id are errors.
func (id *ID) UnmarshalText(text []byte) error {
	var read ID
	if len(text) != hex.EncodedLen(len(read)) || strings.Trim(string(text), "0123456789abcdef") != "" {
		return fmt.Errorf("an id of a trace is %d lower-case hexadecimal digits", hex.EncodedLen(len(read)))
	}
	if _, err := hex.Decode(read[:], text); err != nil {
		return err
	}
	if read == (ID{}) {
		return fmt.Errorf("an id of a trace is not zeros alone")
	}
	*id = read
	return nil
}
