package textfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// JSON keys have no order: set-up data or a thousand checks may come before the keys that
// identify a format.

// outlineDepth limits the depth of the keys in an outline, mostKeys their number. Strings up
// to longestWord are in it as well.
const (
	outlineDepth = 3
	mostKeys     = 20_000
	longestWord  = 20
)

// Outlined reads a document to its end and returns its Outline, and a reader of the whole
// document. The outline is empty if the document is too large.
func Outlined(in *bufio.Reader) (string, *bufio.Reader) {
	text, err := io.ReadAll(io.LimitReader(in, LargestDocument+1))
	again := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(text), in), 256<<10)
	if err != nil || len(text) > LargestDocument {
		return "", again
	}
	return Outline(text), again
}

// Outline returns the keys of a JSON document in their order, down to a depth.
func Outline(text []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var b strings.Builder
	var open []json.Delim
	key, keys := false, 0 // whether the next text is a key
	for {
		token, err := decoder.Token()
		if err != nil {
			return b.String()
		}
		within := len(open) > 0 && open[len(open)-1] == '{'
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				if len(open) == 0 {
					b.WriteString(t.String())
				}
				open = append(open, t)
				key = t == '{'
				continue
			}
			open = open[:len(open)-1]
			key = len(open) > 0 && open[len(open)-1] == '{'
			continue
		case string:
			if within && key {
				if len(open) <= outlineDepth && keys < mostKeys {
					b.WriteString(strconv.Quote(t) + ": ")
					keys++
				}
				key = false
				continue
			}
			if len(open) <= outlineDepth && keys < mostKeys && len(t) <= longestWord {
				b.WriteString(strconv.Quote(t) + ", ")
			}
		}
		key = within
	}
}
