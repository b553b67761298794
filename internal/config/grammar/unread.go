package grammar

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
)

var (
	nameLike = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_ -]*`)
	words    = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// declared are the names that a part of the file may declare which is left out for a mistake: the keys of
// a mapping, or the words of a list. A text declares none.
func declared(n *yaml.Node) (names []string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			names = append(names, meantAs(n.Content[i].Value)...)
		}
	case yaml.SequenceNode:
		names = wordsOf(n)
	}
	return names
}

// wordsOf are the words of a text or of the texts of a list.
func wordsOf(n *yaml.Node) []string {
	found := words.FindAllString(n.Value, -1)
	for _, item := range n.Content {
		found = append(found, words.FindAllString(item.Value, -1)...)
	}
	return found
}

// meantAs are the names that a key may have been meant as which is none: what it begins with, up to the
// first sign that no name has, as one word and as several.
func meantAs(key string) []string {
	begin := nameLike.FindString(key)
	parts := words.FindAllString(begin, -1)
	if len(parts) < 2 {
		return parts
	}
	return append(parts, strings.Join(parts, ""), strings.Join(parts, "_"))
}

// brackets says whether a text was meant for a list or an object.
func brackets(text string) bool { return strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") }

// repairedAt reports whether a value is a text only because the file was repaired there
// to be read at all: that it is of the wrong kind is not a second mistake, and neither is what it lacks.
func (w walker) repairedAt(pos mistake.Pos, path string) bool {
	if !w.Mended() || !w.ReportedAt(pos) {
		return false
	}
	w.Lose(path)
	return true
}
