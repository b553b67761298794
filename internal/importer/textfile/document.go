package textfile

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// LargestDocument is the most bytes of a document that is read as a whole.
const LargestDocument = 64 << 20

// DecodeJSON decodes a JSON document. An error names the line.
func DecodeJSON(in *bufio.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(in, LargestDocument+1))
	switch {
	case err != nil:
		return err
	case len(text) > LargestDocument:
		return fmt.Errorf("larger than %d MiB", LargestDocument>>20)
	}
	err = json.Unmarshal(text, into)
	at := int64(-1)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at = syntax.Offset
	} else if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		kind.Field = spelledAs(kind.Field, text)
		at = cmp.Or(kind.Offset, onlyPlace(kind.Field, text)) // else its field says where
	}
	if at >= 0 && at <= int64(len(text)) {
		return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:at], []byte("\n")), err)
	}
	return err
}

// onlyPlace is the byte after the last key of a path; -1 if the key is missing, or there
// several times.
func onlyPlace(path string, text []byte) int64 {
	key := path[strings.LastIndexByte(path, '.')+1:]
	found := regexp.MustCompile(`"`+regexp.QuoteMeta(key)+`"\s*:`).FindAllIndex(text, 2)
	if key == "" || len(found) != 1 {
		return -1
	}
	return int64(found[0][1])
}

// spelledAs is the path of a field in the spelling of a document.
func spelledAs(field string, text []byte) string {
	parts := strings.Split(field, ".")
	for i, part := range parts {
		if m := regexp.MustCompile(`(?i)"(` + regexp.QuoteMeta(part) + `)"\s*:`).FindSubmatch(text); m != nil {
			parts[i] = string(m[1])
		}
	}
	return strings.Join(parts, ".")
}
