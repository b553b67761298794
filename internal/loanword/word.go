package loanword

import "strings"

// Place is where a word is written.
type Place uint8

// The places.
const (
	Flag    Place = iota // of a command line
	Key                  // of a file
	Command              // of a command line
	Format               // of -o FORMAT=FILE
	Script               // the end of a file's name, .py
)

// Word is one word of other tools.
type Word struct {
	Place Place
	Text  string   // as it is written: --vus, scenarios
	Short string   // of a flag, its other spelling, -d; empty: none
	Tools []string // the tools with this word, at least one
	Has   string   // what loadgate has for that
	Write string   // a clause that says what to write: write -u 50
	// Instead is the key of thresholds.yaml that the word corresponds to; empty: none.
	Instead string
	// In is the object of thresholds.yaml in which a key is this word, such as stage, where the same
	// key elsewhere is none; empty: it is one everywhere.
	In string
}

// Remedy is one line, without a full stop, with what loadgate has in place of the word, and
// what to write.
func (w Word) Remedy() string { return "loadgate has " + w.Has + " for that: " + w.Write }

// in makes words that are such in one object only.
func in(object string, words []Word) []Word {
	for i := range words {
		words[i].In = object
	}
	return words
}

// row makes words with one remedy: their texts are separated by spaces, and -d after a text
// is its short spelling.
func row(place Place, tools, texts, has, write, instead string) []Word {
	var words []Word
	for _, text := range strings.Fields(texts) {
		if len(text) == 2 && text[0] == '-' && len(words) > 0 {
			words[len(words)-1].Short = text
			continue
		}
		words = append(words, Word{
			Place: place, Text: text, Tools: strings.Split(tools, " "), Has: has, Write: write, Instead: instead,
		})
	}
	return words
}
