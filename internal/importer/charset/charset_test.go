package charset_test

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer/charset"
)

// Half of a character costs itself only, and not the character behind it.
func TestHalfACharacter(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a first half", "\xff\xfea\x00\x00\xd8b\x00\n\x00", "a\ufffdb\n"},
		{"two first halves", "\xff\xfea\x00\x00\xd8\x00\xd8\x00\xdcb\x00", "a\ufffd\U00010000b"},
		{"a second half", "\xff\xfea\x00\x00\xdcb\x00", "a\ufffdb"},
		{"a first half at the end", "\xff\xfea\x00\x00\xd8", "a\ufffd"},
		{"a whole one", "\xff\xfea\x00\x00\xd8\x00\xdcb\x00", "a\U00010000b"},
	} {
		got, err := io.ReadAll(charset.UTF8(bufio.NewReader(strings.NewReader(tt.text))))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}
