package yamlfix

import (
	"slices"
	"unicode/utf8"
)

// edit is one suspect with its replacement: text[start:end] of a line.
type edit struct {
	line, column int // for people, from 1
	start, end   int // bytes of the whole text
	with         string
	width        int    // characters of with
	growth       int    // characters that it has more than what it replaces
	shown        int    // the column of the mistake where that is another than column; 0: it is not
	lacks        int    // the line of what lacks a key or name, which the caller says; 0: nothing does
	message      string // empty: it belongs to the edit before it
}

// place is the column that is reported.
func (e edit) place() int {
	if e.shown > 0 {
		return e.shown
	}
	return e.column
}

// apply makes edits that do not overlap and are in order.
func apply(src []byte, edits []edit) []byte {
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, src[at:e.start]...), e.with...)
		at = e.end
	}
	return append(out, src[at:]...)
}

// original turns a column of a repaired text back into that of the text as it
// was written, past each repair from the last to the first.
func original(repairs [][]edit, line, column int) int {
	for _, edits := range slices.Backward(repairs) {
		grown := 0
		for _, e := range edits {
			begin := e.column + grown // in the repaired text
			if e.line != line || column <= begin {
				continue
			}
			if column < begin+e.width {
				column = begin + min(column-begin-1, e.width-e.growth) // after the opening quote
				break
			}
			grown += e.growth
		}
		column -= grown
	}
	return column
}

// column counts characters from 1.
func column(line string, offset int) int { return utf8.RuneCountInString(line[:offset]) + 1 }
