package importer

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// brokenFile is an error of a file in plain words, in place of those of the
// packages that decode it.
type brokenFile struct {
	text string
	err  error
}

// Error implements error.
func (b *brokenFile) Error() string { return b.text }

// Unwrap makes what an error is of stay known.
func (b *brokenFile) Unwrap() error { return b.err }

// plainly words an error of a decoder; what stands around it, such as its line,
// stays. nil stays nil.
func plainly(err error) error {
	if err == nil {
		return nil
	}
	raw, words := decoderError(err)
	if raw == "" {
		return err
	}
	return &brokenFile{strings.Replace(err.Error(), raw, words, 1), err}
}

// decoderError is the text of a decoder's error within another, and plain words
// for it; empty: there is none.
func decoderError(err error) (raw, words string) {
	if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		return kind.Error(), otherKind(kind)
	}
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return syntax.Error(), noJSON(syntax.Error())
	}
	if number := (*strconv.NumError)(nil); errors.As(err, &number) {
		if errors.Is(number, strconv.ErrRange) {
			return number.Error(), fmt.Sprintf("%.40q is too large a number", number.Num)
		}
		return number.Error(), fmt.Sprintf("%.40q is no number", number.Num)
	}
	if moment := (*time.ParseError)(nil); errors.As(err, &moment) {
		return moment.Error(), fmt.Sprintf("%.40q is no time", strings.Trim(moment.Value, `"`))
	}
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		if strings.Contains(syntax.Msg, "EOF") {
			return syntax.Error(), wasCut
		}
		if entity, ok := strings.CutPrefix(syntax.Msg, "invalid character entity "); ok {
			entity, _, _ = strings.Cut(entity, " ")
			return syntax.Error(),
				fmt.Sprintf("it is no sound XML: %.40q is no entity; a bare & is written &amp;", entity)
		}
		return syntax.Error(), "it is no sound XML: " + syntax.Msg
	}
	if kind := xml.UnmarshalError(""); errors.As(err, &kind) {
		return kind.Error(), "it is XML of another kind: " + string(kind)
	}
	for _, end := range []error{io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, end) {
			return end.Error(), wasCut
		}
	}
	if errors.Is(err, bufio.ErrTooLong) {
		return bufio.ErrTooLong.Error(), fmt.Sprintf("longer than %d MB", longestLine>>20)
	}
	if strings.Contains(err.Error(), ": xml: ") { // these have no type
		return ": xml: ", ": it is no sound XML: "
	}
	return "", ""
}

// noJSON words what package json says of a text that is none.
func noJSON(says string) string {
	found, where, ok := strings.Cut(strings.TrimPrefix(says, "invalid character "), "' ")
	switch {
	case strings.Contains(says, "unexpected end"):
		return wasCut
	case !ok:
		return "it is no sound JSON"
	case strings.HasPrefix(where, "after top-level value"):
		return "a second document begins behind the first: give each a file of its own"
	}
	return fmt.Sprintf("it is no sound JSON: %s' is not expected there", found)
}

const wasCut = "the file was cut: it ends there"

// otherKind says of which kind a value of JSON is, and of which it should be.
func otherKind(e *json.UnmarshalTypeError) string {
	place := ""
	if e.Field != "" {
		place = e.Field + ": "
	}
	if e.Type == reflect.TypeFor[sentence]() {
		return place + e.Value
	}
	if number, ok := strings.CutPrefix(e.Value, "number "); ok {
		return fmt.Sprintf("%s%.40s is no %s", place, number, strings.TrimPrefix(kindInWords(e.Type), "a "))
	}
	is := map[string]string{
		"string": "text", "number": "a number", "bool": "true or false", "array": "a list", "object": "an object",
	}[e.Value]
	if is == "" {
		is = e.Value
	}
	return fmt.Sprintf("%s%s in place of %s", place, is, kindInWords(e.Type))
}

// spelled is the path of a field as a document spells its keys.
func spelled(field string, text []byte) string {
	parts := strings.Split(field, ".")
	for i, part := range parts {
		if m := regexp.MustCompile(`(?i)"(` + regexp.QuoteMeta(part) + `)"\s*:`).FindSubmatch(text); m != nil {
			parts[i] = string(m[1])
		}
	}
	return strings.Join(parts, ".")
}

func kindInWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	}
	return "a whole number"
}

// sentence marks an error of JSON whose value is all that is to be said.
type sentence string

// notValue refuses a value of JSON; the decoder adds where it stands.
func notValue(format string, args ...any) error {
	return &json.UnmarshalTypeError{Value: fmt.Sprintf(format, args...), Type: reflect.TypeFor[sentence]()}
}

// instant is a time in a document of JSON, as RFC 3339 has it; null and empty
// text are none.
type instant struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (i *instant) UnmarshalJSON(text []byte) error {
	bare := strings.Trim(string(text), `"`)
	if bare == "" || bare == "null" {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, bare)
	if err != nil {
		return notValue("%.40s is no time", text)
	}
	i.Time = at
	return nil
}
