package textfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// A document of JSON may begin with anything: its keys have no order, and before
// those that tell its format may stand the data of a set-up, or a thousand
// checks.

// outlineDepth is how deep the keys of an outline lie, and mostKeys how many
// there are. Values are in it that are words, no longer than longestWord.
const (
	outlineDepth = 3
	mostKeys     = 20_000
	longestWord  = 20
)

// Outlined reads a document to its end and returns its keys as a document of
// their own, and a reader of the whole. Empty: it is no document.
func Outlined(in *bufio.Reader) (string, *bufio.Reader) {
	text, err := io.ReadAll(io.LimitReader(in, LargestDocument+1))
	again := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(text), in), 256<<10)
	if err != nil || len(text) > LargestDocument {
		return "", again
	}
	return Outline(text), again
}

// Outline is the keys of a document, in order, down to a depth.
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
