package notify

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// commentLimit is the length of a comment on GitHub, counted in UTF-16: no
// way of counting characters finds more.
const commentLimit = 65536

// Comment is the text of a comment, and how it is found again.
type Comment struct {
	Body string // ends in the marker

	marker string
}

var (
	markerName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	// forged is where a marker begins, however it is written.
	forged = regexp.MustCompile(`(?i)<!--(\s*loadgate\s*:)`)
)

// NewComment makes a comment of Markdown. The name tells the comments of
// several gates apart. The text is untrusted: no marker in it stays one, so
// that what a target wrote cannot lead the next run to another comment. A text
// that is too long is cut at a line, with a note.
func NewComment(name, text string) (Comment, error) {
	if !markerName.MatchString(name) {
		return Comment{},
			fmt.Errorf(
				"%q is not a valid name of a gate; write letters, digits, dots, hyphens and underscores, such as light",
				name)
	}
	marker := "<!-- loadgate: " + name + " -->"
	text = strings.TrimSpace(forged.ReplaceAllString(printable(text), "&lt;!--$1"))
	end := "\n\n" + marker
	if length(text)+length(end) > commentLimit {
		const note = "\n\n_Cut here: the whole text is longer than a comment may be._"
		text = shorten(text, commentLimit-length(note)-length(end)) + note
	}
	return Comment{Body: text + end, marker: marker}, nil
}

// printable keeps the lines and tabs of a text, and drops characters that GitHub
// rejects or that are invisible.
func printable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, text)
}

func length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// shorten cuts a text to less than limit, at the end of a line where there is
// one, and closes the block of code and the folds that the cut left open.
func shorten(text string, limit int) string {
	const fence, fold = "\n```", "\n</details>"
	const closings = 20 // folds that can be closed
	n := 0
	for i, r := range text {
		if n += utf16.RuneLen(r); n > limit-len(fence)-closings*len(fold) {
			text = text[:i]
			break
		}
	}
	if i := strings.LastIndexByte(text, '\n'); i > len(text)/2 {
		text = text[:i]
	}
	fences := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fences++
		}
	}
	if fences%2 == 1 {
		text += fence
	}
	open := strings.Count(text, "<details") - strings.Count(text, "</details>")
	return text + strings.Repeat(fold, max(0, min(open, closings)))
}
