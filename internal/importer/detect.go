package importer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// kindOf tells the format of a file, and returns what there is to read of it.
func kindOf(in *bufio.Reader, format string) (*bufio.Reader, collect.Format, error) {
	head, err := in.Peek(textfile.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return in, collect.Format{}, err
	}
	if len(head) == 0 {
		return in, collect.Format{}, errors.New("the file is empty")
	}
	text := strings.TrimLeft(string(head), "\r\n")
	kind, ok := sniffed(text, format)
	keys := ""
	if !ok && len(head) == textfile.HeadSize && strings.HasPrefix(strings.TrimLeft(text, " \r\n\t["), "{") {
		keys, in = textfile.Outlined(in)
		kind, ok = sniffed(keys, format)
	}
	if ok {
		return in, kind, nil
	}
	if format != "" {
		var names []string
		for _, k := range Formats() {
			if k.Alone() {
				names = append(names, k.Name)
			}
		}
		return in, collect.Format{}, fmt.Errorf("format %q: write one of %s", format, strings.Join(names, ", "))
	}
	if keys == "" {
		keys = textfile.Outline(head)
	}
	like, known := likeness(text, keys)
	if known {
		return in, collect.Format{}, fmt.Errorf("%w: %s", ErrUnknown, like)
	}
	name := "name it with --format; loadgate check --help lists the formats"
	if likely := likelyFormats(text); likely != nil {
		name = "name it with --format, such as " + strings.Join(likely, " or ")
	}
	if like != "" {
		like += "; "
	}
	return in, collect.Format{}, fmt.Errorf("%w: %s%s", ErrUnknown, like, name)
}

// mostLikely is how many formats a message names.
const mostLikely = 3

// likelyFormats are those of tools that a text names; nil where that is none, or
// many.
func likelyFormats(text string) []string {
	words := map[string]bool{}
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, word := range strings.FieldsFunc(strings.ToLower(text), between) {
		words[word] = true
	}
	var names []string
	for _, k := range Formats() {
		if k.Alone() && words[strings.ToLower(k.Tool)] {
			names = append(names, k.Name)
		}
	}
	if len(names) > mostLikely {
		return nil
	}
	return names
}

// sniffed is the format that a text begins like, or that was asked for.
func sniffed(text, format string) (collect.Format, bool) {
	for _, k := range Formats() {
		sniffed := k.Sniff(text)
		switch {
		case k.Beside != "" && sniffed && (format == "" || strings.HasPrefix(format, strings.ToLower(k.Tool)+"-")):
			return k, true
		case k.Beside == "" && (k.Name == format || format == "" && sniffed):
			return k, true
		}
	}
	return collect.Format{}, false
}
