package importer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// kindOf tells the format of a file, and returns what there is to read of it.
func kindOf(in *bufio.Reader, format string) (*bufio.Reader, Kind, error) {
	head, err := in.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return in, Kind{}, err
	}
	if len(head) == 0 {
		return in, Kind{}, errors.New("the file is empty")
	}
	text := string(head)
	kind, ok := sniffed(text, format)
	keys := ""
	if !ok && len(head) == headSize && strings.HasPrefix(strings.TrimLeft(text, " \r\n\t["), "{") {
		keys, in = outlined(in)
		kind, ok = sniffed(keys, format)
	}
	if ok {
		return in, kind, nil
	}
	var names []string
	for _, k := range Kinds() {
		if k.Alone() {
			names = append(names, k.Name)
		}
	}
	if format != "" {
		return in, Kind{}, fmt.Errorf("format %q: write one of %s", format, strings.Join(names, ", "))
	}
	if keys == "" {
		keys = outline(head)
	}
	if like := likeness(text, keys); like != "" {
		return in, Kind{}, fmt.Errorf("%w: %s; --format names it, one of %s",
			ErrUnknown, like, strings.Join(names, ", "))
	}
	return in, Kind{}, fmt.Errorf("%w: name it with --format, one of %s", ErrUnknown, strings.Join(names, ", "))
}

// sniffed is the format that a text begins like, or that was asked for.
func sniffed(text, format string) (Kind, bool) {
	for _, k := range Kinds() {
		sniffed := k.sniff(text)
		switch {
		case k.beside != "" && sniffed && (format == "" || strings.HasPrefix(format, strings.ToLower(k.Tool)+"-")):
			return k, true
		case k.beside == "" && (k.Name == format || format == "" && sniffed):
			return k, true
		}
	}
	return Kind{}, false
}
