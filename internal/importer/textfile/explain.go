package textfile

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
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

	"github.com/loadgate/loadgate/internal/importer/numeral"
)

// explained is a decoder's error in plain words.
type explained struct {
	text string
	err  error
}

// Error implements error.
func (b *explained) Error() string { return b.text }

// Unwrap returns the decoder's error.
func (b *explained) Unwrap() error { return b.err }

// Explain replaces a decoder's message within an error by plain words, and keeps the text
// around it, such as the line. nil stays nil.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	raw, words := decoderError(err)
	if raw == "" {
		return err
	}
	return &explained{strings.Replace(err.Error(), raw, words, 1), err}
}

// decoderError is the text of a decoder's error within another, and plain words for it;
// both are empty if there is none.
func decoderError(err error) (raw, words string) {
	if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		return kind.Error(), otherKind(kind)
	}
	if number := (*strconv.NumError)(nil); errors.As(err, &number) {
		if errors.Is(number, strconv.ErrRange) {
			return number.Error(), fmt.Sprintf("%.40q is too large a number", number.Num)
		}
		return number.Error(), fmt.Sprintf("%.40q is not a number", number.Num)
	}
	if moment := (*time.ParseError)(nil); errors.As(err, &moment) {
		return moment.Error(), fmt.Sprintf("%.40q is not a time", strings.Trim(moment.Value, `"`))
	}
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return syntax.Error(), unsoundJSON(syntax)
	}
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		return syntax.Error(), unsoundXML(syntax.Msg)
	}
	if kind := xml.UnmarshalError(""); errors.As(err, &kind) {
		return kind.Error(), "it is XML of another kind: let the tool write it again"
	}
	for _, packing := range []error{gzip.ErrChecksum, gzip.ErrHeader} {
		if errors.Is(err, packing) {
			return packing.Error(), badPacking
		}
	}
	if flaw := flate.CorruptInputError(0); errors.As(err, &flaw) {
		return flaw.Error(), badPacking
	}
	for _, end := range []error{io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, end) {
			return end.Error(), cutShort
		}
	}
	if errors.Is(err, bufio.ErrTooLong) {
		return bufio.ErrTooLong.Error(), fmt.Sprintf("longer than %d MiB", longestLine>>20)
	}
	if at := strings.Index(err.Error(), ": xml: "); at >= 0 { // these have no type
		return err.Error()[at:], ": it is not valid XML 1.0: let the tool write it again"
	}
	return "", ""
}

const badPacking = "its gzip packing is damaged: fetch the file again"

// strange is the character that a decoder rejected.
var strange = regexp.MustCompile(`^invalid character (.+?) (?:in|after|looking)`)

// unsoundJSON explains a syntax error of JSON, at a byte of the document or of the line.
func unsoundJSON(e *json.SyntaxError) string {
	text, found := e.Error(), ""
	if m := strange.FindStringSubmatch(text); m != nil {
		found = m[1]
	}
	again := "let the tool write the file again"
	switch {
	case strings.HasPrefix(text, "unexpected end"):
		return cutShort
	case strings.HasSuffix(text, "after top-level value"):
		return fmt.Sprintf("byte %d: %s follows the end of the document: give each run a file of its own",
			e.Offset, found)
	case (found == "'N'" || found == "'I'") && strings.Contains(text, "beginning of value"):
		return fmt.Sprintf(
			"byte %d: %s begins no value, as in NaN or Infinity: write null for a number that is not known",
			e.Offset, found)
	case strings.Contains(text, "numeric literal"):
		return fmt.Sprintf("byte %d: %s is in a number, which is none: %s", e.Offset, found, again)
	case found == "":
		return "it is not valid JSON: " + again
	}
	return fmt.Sprintf("byte %d: %s does not belong there, this is not valid JSON: %s", e.Offset, found, again)
}

var (
	xmlEntity = regexp.MustCompile(`^invalid character entity &([^ ;]*)`)
	xmlClosed = regexp.MustCompile(`^element <(.+)> closed by </(.+)>`)
)

// unsoundXML explains a syntax error of XML.
func unsoundXML(text string) string {
	switch m := xmlEntity.FindStringSubmatch(text); {
	case strings.Contains(text, "EOF"):
		return cutShort
	case m != nil:
		return fmt.Sprintf("&%s is not an entity of XML: a plain & is written &amp;", m[1])
	case strings.Contains(text, "UTF-8"):
		return "a character is no UTF-8: name the encoding in the first line, or let the tool write it again"
	case strings.Contains(text, "character code"):
		return "a character that XML does not allow: let the tool write it again"
	}
	if m := xmlClosed.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("<%.40s> ends with </%.40s>: this is not valid XML: let the tool write it again", m[1], m[2])
	}
	return "this is not valid XML: let the tool write it again"
}

const cutShort = "the file was cut: it ends there; let the tool write it again"

// otherKind explains a JSON value of the wrong kind.
func otherKind(e *json.UnmarshalTypeError) string {
	place := ""
	if e.Field != "" {
		place = e.Field + ": "
	}
	if numeral.IsRefusal(e) {
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
