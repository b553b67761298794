package walk

import (
	"slices"
	"strings"
)

const (
	// Bounds of a script. The parser calls itself for what is nested, looks through all labels for
	// each, and reads parameters within parameters again and again.
	mostNested     = 200
	mostChained    = 500
	mostJoined     = 5000
	mostParameters = 6
)

// nesting follows how deep a text is nested, without parsing it. It knows texts, comments and
// expressions of JavaScript, so that what is in them does not count.
type nesting struct {
	text     string
	at, line int
	levels   []level
	last     string // the word or the mark before; a space: the end of a text
}

// level is a bracket that is open, or the text as a whole.
type level struct {
	open       byte
	isControl  bool // of if, for, while, with: a statement follows it
	chained    int  // how many marks of one statement make the parser call itself
	below      int  // the same of the brackets around it
	joined     int  // how many it reads one after the other
	parameters int  // how deep parameters of functions are within parameters in it
}

// tooNested is the line on which a text is nested deeper than the parser may go; 0: it is not.
func tooNested(text string) int {
	n := &nesting{text: text, line: 1, levels: []level{{}}, last: ";"}
	for n.at < len(text) {
		n.next()
		if n.isDeep() {
			return n.line
		}
	}
	return 0
}

func (n *nesting) top() *level { return &n.levels[len(n.levels)-1] }

func (n *nesting) isDeep() bool {
	top := n.top()
	return len(n.levels) > mostNested || top.below+top.chained > mostChained || top.joined > mostJoined ||
		top.parameters > mostParameters
}

// next reads a word, a mark, a text or a comment.
func (n *nesting) next() {
	c := n.text[n.at]
	rest := n.text[n.at:]
	switch {
	case c == '\n':
		n.line++
		n.at++
	case c == ' ' || c == '\t' || c == '\r':
		n.at++
	case strings.HasPrefix(rest, "//"):
		n.skip(strings.IndexByte(rest, '\n'))
	case strings.HasPrefix(rest, "/*"):
		n.skip(strings.Index(rest, "*/") + 2)
	case c == '"' || c == '\'' || c == '/' && !n.endsValue():
		n.begins()
		n.quoted(c)
	case c == '`':
		n.template()
	case isWordByte(c):
		end := 1
		for end < len(rest) && isWordByte(rest[end]) {
			end++
		}
		n.word(rest[:end])
	default:
		n.mark(c)
	}
}

// skip goes on by some bytes; fewer than two: to the end.
func (n *nesting) skip(by int) {
	if by < 2 {
		by = len(n.text) - n.at
	}
	n.line += strings.Count(n.text[n.at:n.at+by], "\n")
	n.at += by
}

// quoted skips a text or an expression, which end with their line at the latest.
func (n *nesting) quoted(mark byte) {
	inClass := false
	for n.at++; n.at < len(n.text) && n.text[n.at] != '\n'; n.at++ {
		switch c := n.text[n.at]; {
		case c == '\\' && n.at+1 < len(n.text) && n.text[n.at+1] != '\n':
			n.at++
		case mark == '/' && c == '[':
			inClass = true
		case mark == '/' && c == ']':
			inClass = false
		case c == mark && !inClass:
			n.at++
			n.last = " "
			return
		}
	}
	n.last = " "
}

// template skips a text between backticks to its end, or to an expression in it.
func (n *nesting) template() {
	if n.text[n.at] == '`' {
		n.top().joined++ // behind a value it is one more call of a chain
	}
	for n.at++; n.at < len(n.text); n.at++ {
		switch c := n.text[n.at]; {
		case c == '\n':
			n.line++
		case c == '\\':
			n.at++
		case c == '`':
			n.at++
			n.last = " "
			return
		case c == '$' && strings.HasPrefix(n.text[n.at:], "${"):
			n.at += 2
			n.open('`', false)
			n.last = "{"
			return
		}
	}
}

// endsValue says whether what came before is a value, so that a slash divides it.
func (n *nesting) endsValue() bool {
	switch n.last {
	case " ", ")", "]", "}":
		return true
	}
	return isWordByte(n.last[0]) && !slices.Contains(unfinished, n.last)
}

// unfinished are words after which a value follows, and nesting those that the parser calls itself for.
var (
	unfinished = []string{"return", "typeof", "void", "delete", "new", "in", "of", "instanceof", "case", "do", "else",
		"await", "yield", "throw", "default", "extends", "export", "const", "let", "var", "import", "from", "async"}
	nestingWords = []string{"new", "typeof", "void", "delete", "await", "yield", "if", "for", "while", "with", "do",
		"else", "try", "async", "function", "class"}
	continues = []string{"else", "catch", "finally", "in", "of", "instanceof", "from", "as", "while"}
)

// begins notes that a value begins: behind one it is that of another statement.
func (n *nesting) begins() {
	if n.endsValue() && (n.last != ")" || !n.top().isControl) {
		n.top().chained, n.top().joined = 0, 0
	}
}

func (n *nesting) word(word string) {
	if !slices.Contains(continues, word) {
		n.begins()
	}
	if slices.Contains(nestingWords, word) {
		n.top().chained++
	}
	n.at += len(word)
	n.last = word
}

func (n *nesting) mark(c byte) {
	top := n.top()
	switch c {
	case '(', '[', '{':
		top.joined++
		n.open(c, c == '(' && slices.Contains([]string{"if", "for", "while", "with"}, n.last))
	case ')', ']', '}':
		n.close(c)
		return
	case ';', ',':
		if !n.isFollowedBy(1, "else") {
			top.chained, top.joined = 0, 0
		}
	case '.', '+', '-', '*', '/', '%', '&', '|', '^', '<', '>':
		if c == '>' && n.last == "=" || n.last == string(c) { // an arrow, a power, two signs
			top.chained++
		}
		top.joined++
	case '!', '~', '?', ':', '=':
		top.chained++
	}
	n.at++
	n.last = string(c)
}

func (n *nesting) open(c byte, isControl bool) {
	top := n.top()
	n.levels = append(n.levels, level{open: c, isControl: isControl, below: top.below + top.chained})
}

// close ends a bracket. Parameters are read once more where an arrow follows them.
func (n *nesting) close(c byte) {
	n.at++
	n.last = string(c)
	if len(n.levels) == 1 {
		return
	}
	closed := *n.top()
	n.levels = n.levels[:len(n.levels)-1]
	top := n.top()
	if closed.open == '(' {
		top.isControl = closed.isControl
		if n.isFollowedBy(0, "=>") {
			closed.parameters++
		}
	}
	top.parameters = max(top.parameters, closed.parameters)
	if closed.open == '`' {
		n.at-- // the rest of the text follows
		n.template()
	}
}

// isFollowedBy says whether a text comes next behind some bytes, but for spaces.
func (n *nesting) isFollowedBy(behind int, text string) bool {
	rest := n.text[n.at+behind : min(len(n.text), n.at+behind+50)]
	return strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), text)
}

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}
