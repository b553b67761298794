package safetext_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/safetext"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"GET /a":                    "GET /a",
		"größer 日本 👩":               "größer 日本 👩",
		"a\nb\r\nc\td\u2028e\u00a0": "a b  c d e ",
		"\x1b[2J\x07":               "�[2J�",
		"a\u202eb\u200fc\ufeffd":    "a�b�c�d",
		"\xff":                      "�",
	} {
		if got := safetext.Line(text); got != want {
			t.Errorf("Line(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\x1b]0;owned\x07\u202e\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		got := safetext.Line(text)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) != utf8.RuneCountInString(text) ||
			safetext.Line(got) != got {
			t.Errorf("Line(%q) = %q", text, got)
		}
		if at := strings.IndexFunc(got, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }); at >= 0 {
			t.Errorf("Line(%q) holds %q", text, got[at:])
		}
	})
}
