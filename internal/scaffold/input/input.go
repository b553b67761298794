// Package input reads what a draft is made from: it unpacks files, brings them to UTF-8, and
// recognizes what was given in place of the kind that is expected. It opens none.
package input

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
)

// File is a file, or what an address answered with.
type File struct {
	Name   string // without folder and ending, such as checkout
	Origin string // scheme and host of the address that it is from; empty: it is a file
	Text   []byte // as it was read, packed or not
}

// largestUnpacked is how much a packed file may hold, in bytes.
const largestUnpacked = 256 << 20

// Text is a file as UTF-8: what gzip packed, what Windows writes as UTF-16,
// with a mark of byte order or without.
func Text(src []byte) ([]byte, error) {
	if bytes.HasPrefix(src, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(bytes.NewReader(src))
		if err != nil {
			return nil, errors.New("it begins as a gzip file, and is none")
		}
		if src, err = io.ReadAll(io.LimitReader(zip, largestUnpacked+1)); err != nil {
			return nil, errors.New("its gzip packing is cut off or damaged: fetch it again")
		}
		if len(src) > largestUnpacked {
			return nil, fmt.Errorf("unpacked it is larger than %d MiB", largestUnpacked>>20)
		}
	}
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe")):
		src = fromUTF16(src[2:], 0, 1)
	case bytes.HasPrefix(src, []byte("\xfe\xff")):
		src = fromUTF16(src[2:], 1, 0)
	case len(src) > 3 && src[0] >= '\t' && src[1] == 0 && src[2] >= '\t' && src[3] == 0:
		src = fromUTF16(src, 0, 1)
	case len(src) > 3 && src[0] == 0 && src[1] >= '\t' && src[2] == 0 && src[3] >= '\t':
		src = fromUTF16(src, 1, 0)
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, errors.New("it is empty")
	}
	return src, nil
}

// fromUTF16 is UTF-16 as UTF-8; low and high say which byte of a pair is which.
func fromUTF16(src []byte, low, high int) []byte {
	wide := make([]uint16, 0, len(src)/2)
	for ; len(src) >= 2; src = src[2:] {
		wide = append(wide, uint16(src[high])<<8|uint16(src[low]))
	}
	return []byte(string(utf16.Decode(wide)))
}

// JSONError says where a text stops being JSON.
func JSONError(src []byte) error {
	var whole json.RawMessage
	err := json.Unmarshal(src, &whole)
	var wrong *json.SyntaxError
	switch {
	case !errors.As(err, &wrong):
		return errors.New("it is not JSON")
	case wrong.Offset >= int64(len(bytes.TrimRight(src, " \t\r\n"))):
		return errors.New("it ends in the middle: save or fetch it again")
	}
	at := max(wrong.Offset-1, 0)
	line := 1 + bytes.Count(src[:at], []byte("\n"))
	column := at - int64(bytes.LastIndexByte(src[:at], '\n'))
	return fmt.Errorf("line %d, column %d is not JSON", line, column)
}
