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

// detect finds the format of a file, and returns a reader of the whole file.
func detect(in *bufio.Reader, format string) (*bufio.Reader, collect.Format, error) {
	head, err := in.Peek(textfile.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return in, collect.Format{}, err
	}
	if len(head) == 0 {
		return in, collect.Format{}, errors.New("the file is empty")
	}
	text := strings.TrimLeft(string(head), "\r\n")
	found, ok := sniffed(text, format)
	keys := ""
	if !ok && len(head) == textfile.HeadSize && strings.HasPrefix(strings.TrimLeft(text, " \r\n\t["), "{") {
		keys, in = textfile.Outlined(in)
		found, ok = sniffed(keys, format)
	}
	if ok {
		return in, found, nil
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
	like, certain := likeness(text, keys)
	if certain {
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

// mostLikely limits the formats that a message names.
const mostLikely = 3

// likelyFormats are the formats of tools that a text mentions; nil if there are none, or
// too many.
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

// sniffed is the format that matches the beginning of a file, or the named one.
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
