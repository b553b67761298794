// Package dotenv reads files of NAME=value lines, as far as docker compose and dotenv read them alike: what they read
// differently is a mistake here. It shows nothing of what it read.
package dotenv

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Values are the variables of a file by name.
type Values map[string]string

// Behind returns a way to read the environment that asks the values for what getenv does not have, or has as the empty
// text.
func (v Values) Behind(getenv func(name string) (string, bool)) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := getenv(name)
		if ok && value != "" {
			return value, true
		}
		if own, has := v[name]; has {
			return own, true
		}
		return value, ok
	}
}

// Mistake is a line that is none of NAME=value.
type Mistake struct {
	Line    int    // from 1
	Message string // what is wrong and what to write; it holds nothing of the line
}

// Parse reads a file. The last of several lines with one name counts.
func Parse(content []byte) (Values, []Mistake) {
	p := parser{rest: string(bytes.TrimPrefix(content, []byte("\ufeff")))}
	values := Values{}
	for p.rest != "" {
		at := p.line + 1
		name, value, message := p.statement()
		switch {
		case message != "":
			p.mistakes = append(p.mistakes, Mistake{at, message})
		case name != "":
			values[name] = value
		}
	}
	return values, p.mistakes
}

// parser is at the beginning of a line.
type parser struct {
	rest     string
	line     int // lines that are read
	mistakes []Mistake
}

// cut takes the rest of the line.
func (p *parser) cut() string {
	line, rest, _ := strings.Cut(p.rest, "\n")
	p.rest = rest
	p.line++
	return strings.TrimSuffix(line, "\r")
}

// statement reads a line, and those that its quotes go on in. An empty name: there is none in it.
func (p *parser) statement() (name, value, message string) {
	whole := p.rest
	line := p.cut()
	if trimmed := blanks(line); trimmed == "" || trimmed[0] == '#' {
		return "", "", ""
	}
	if !plain(line) {
		return "", "", "has a control character, or is no UTF-8; write it as text"
	}
	before, after, found := strings.Cut(line, "=")
	if name = strings.TrimPrefix(blanks(before), "export "); name != blanks(before) {
		name = blanks(name)
	}
	switch {
	case !found:
		return "", "", "has no =; write NAME=value"
	case !isName(name), name == "export":
		return "", "", "has no name before the =; write NAME=value, with letters, digits and _ in the name"
	}
	after = strings.TrimLeft(after, " \t")
	switch {
	case after == "":
		return name, "", ""
	case after[0] == '\'', after[0] == '"':
		p.rest, p.line = whole[strings.Index(whole, "=")+1:], p.line-1
		value, message = p.quoted(after[0])
		return name, value, message
	}
	value, message = unquoted(after)
	return name, value, message
}

func unquoted(text string) (value, message string) {
	value, _, _ = strings.Cut(text, " #")
	switch value = blanks(value); {
	case strings.Contains(value, "#"):
		return "", "has a # in a value without quotes, where some programs begin a comment; put the value in " +
			"single quotes"
	case strings.Contains(value, "$"):
		return "", "has a $ in a value without quotes, which some programs fill in; put the value in single quotes"
	case value[0] == '`':
		return "", "has a value that begins with a backtick, which some programs take for a quote; use single quotes"
	}
	return value, ""
}

// quoted reads from before a quote to the end of the line on which it closes.
func (p *parser) quoted(quote byte) (value, message string) {
	text := p.rest[strings.IndexByte(p.rest, quote)+1:]
	stop := strings.IndexByte(text, quote)
	for stop > 0 && text[stop-1] == '\\' {
		next := strings.IndexByte(text[stop+1:], quote)
		if next < 0 {
			stop = -1
			break
		}
		stop += 1 + next
	}
	if stop < 0 {
		p.rest = "" // whatever follows may be a part of the value
		return "", "has a quote that is never closed; close it"
	}
	value = text[:stop]
	p.line += strings.Count(value, "\n")
	p.rest = text[stop+1:]
	if after := p.cut(); blanks(after) != "" && (after[0] == '#' || blanks(after)[0] != '#') {
		return "", "has more behind the closing quote; write one value, and a comment as #"
	}
	if strings.Contains(value, "\r\n") {
		return "", `has a line break of Windows in quotes, which programs read differently; write \n in double quotes`
	}
	if !plain(strings.ReplaceAll(value, "\n", " ")) {
		return "", "has a control character, or is no UTF-8; write it as text"
	}
	if quote == '\'' {
		if strings.Contains(value, `\'`) {
			return "", `has \' in single quotes, which programs read differently; use double quotes`
		}
		return value, ""
	}
	if strings.Contains(value, "$") {
		return "", "has a $ in double quotes, which some programs fill in; put the value in single quotes"
	}
	unfolded := strings.NewReplacer(`\n`, "\n", `\r`, "\r").Replace(value)
	if strings.Contains(unfolded, `\`) {
		return "", `has a backslash in double quotes that is neither \n nor \r, which programs read differently; ` +
			"put the value in single quotes"
	}
	return unfolded, ""
}

// blanks is a text without the blanks around it.
func blanks(text string) string { return strings.Trim(text, " \t") }

func plain(line string) bool {
	return utf8.ValidString(line) &&
		!strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

func isName(text string) bool {
	for i, r := range text {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return text != ""
}
