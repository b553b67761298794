package yamlfix

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/config/mistake"
)

// maxSource is the largest file that is read, in bytes.
const maxSource = 1 << 20

// readable checks what comes before YAML: size and encoding. It returns the
// text without a byte order mark.
func readable(src []byte, file string, m *mistake.List) ([]byte, bool) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	switch {
	case len(src) > maxSource:
		m.Add(mistake.Pos{File: file}, "", "the file is larger than 1 MiB; move rows to a data file")
		return nil, false
	case !utf8.Valid(src):
		pos := mistake.At(file, 1, 1)
		for rest := src; ; {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size <= 1 {
				break
			}
			pos.Column++
			if r == '\n' {
				pos.Line, pos.Column = pos.Line+1, 1
			}
			rest = rest[size:]
		}
		m.Add(pos, "", "the file is not UTF-8; save it as UTF-8")
		return nil, false
	}
	return src, true
}

// controlCharacter reports the first character that stops a reader of YAML; false:
// there is none.
func controlCharacter(src []byte, file string, m *mistake.List) bool {
	at := bytes.IndexFunc(src, refused)
	if at < 0 {
		return false
	}
	line := 1 + bytes.Count(src[:at], []byte("\n"))
	begin := bytes.LastIndexByte(src[:at], '\n') + 1
	c, _ := utf8.DecodeRune(src[at:])
	m.Add(mistake.At(file, line, utf8.RuneCount(src[begin:at])+1), "",
		"there is a control character here, %U, which no file may hold; "+
			"delete it, or write it as an escape inside double quotes", c)
	return true
}

// refused are the characters that YAML takes in escapes only.
func refused(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' || 0x7f <= c &&
		c < 0xa0 && c != 0x85 || c == 0xfffe || c == 0xffff
}

// withoutDirectives makes comments of the lines before a file's beginning that
// speak to readers of YAML, and reports them.
func withoutDirectives(src []byte, filename string, m *mistake.List) ([]byte, bool) {
	lines := strings.SplitAfter(string(src), "\n")
	found := false
	for i, line := range lines {
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed[0] == '#' {
			continue
		}
		if line[0] != '%' {
			break
		}
		m.Add(mistake.At(filename, i+1, 1), "", "%q is a directive, which is not used here; delete the line",
			strings.TrimSpace(line))
		lines[i], found = "#"+line[1:], true
	}
	return []byte(strings.Join(lines, "")), found
}
