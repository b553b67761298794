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
	Tools []string // whose word it is, at least one
	Has   string   // what loadgate has for that
	Write string   // a clause that says what to write: write -u 50
	// Instead is the key of thresholds.yaml whose place it takes; empty: of none.
	Instead string
}

// Remedy says in one line, without a full stop, what loadgate has in the place
// of the word, and what to write.
func (w Word) Remedy() string { return "loadgate has " + w.Has + " for that: " + w.Write }

// row makes words of one remedy: their texts are separated by spaces, and -d
// behind one is its short spelling.
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
