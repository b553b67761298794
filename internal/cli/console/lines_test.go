package console_test

import (
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
)

// Every line begins with loadgate's own name, and none holds an escape, whichever part of the
// error the text came from.
func TestPrintError(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"nil", nil, ""},
		{"no text", failure.ErrInterrupted, ""},
		{"one line", errors.New("a\x1b[2Jb"), "loadgate: a�[2Jb\n"},
		{"two lines", errors.New("a\n::error::b"), "loadgate: a\nloadgate: ::error::b\n"},
		{"a carriage return", errors.New("a\rb"), "loadgate: a b\n"},
		{"a hint", failure.WithHint(errors.New("a"), "write b"), "loadgate: a\nloadgate: hint: write b\n"},
		{"a hint from a file", failure.WithHint(errors.New("a"), "--allow unix:/\x1b]0;x\a\n::error::b"),
			"loadgate: a\nloadgate: hint: --allow unix:/�]0;x� ::error::b\n"},
		{"a command of Azure", errors.New("##vso[task.complete]"), "loadgate: # #vso[task.complete]\n"},
	} {
		var b strings.Builder
		console.PrintError(&b, tt.err)
		if b.String() != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, b.String(), tt.want)
		}
	}
}

// GitHub takes a line that begins with two colons for a command.
func TestCleanLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"GET /a":                  "GET /a",
		"a ::error::b":            "a ::error::b",
		"::error::a":              "\u2236:error::a",
		"\n \t::add-mask::a":      "   \u2236:add-mask::a",
		"\x1b[1m::error::a\u202e": "�[1m::error::a�",
	} {
		if got := console.CleanLine(text); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPrint(t *testing.T) {
	var b strings.Builder
	console.Print(&b, "waiting for %s", "http://a/\n::error::\x1b[1m")
	if want := "loadgate: waiting for http://a/ ::error::�[1m\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

// failing is a writer that always fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A reader that has gone is no failure; a full disk is one.
func TestPipeWriter(t *testing.T) {
	for _, tt := range []struct {
		name      string
		err, want error
	}{
		{"a closed pipe", syscall.EPIPE, nil},
		{"a full disk", syscall.ENOSPC, syscall.ENOSPC},
	} {
		w := console.NewPipeWriter(failing{tt.err})
		for range 2 {
			if _, err := io.WriteString(w, "text"); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
	}
}

func TestOnceWriter(t *testing.T) {
	var b strings.Builder
	w := console.NewOnceWriter(&b)
	for _, text := range []string{"a\n", "b\n", "a\n"} {
		if n, err := io.WriteString(w, text); n != len(text) || err != nil {
			t.Errorf("Write(%q) = %d, %v", text, n, err)
		}
	}
	if b.String() != "a\nb\n" {
		t.Errorf("wrote %q", b.String())
	}
}

func TestWriteError(t *testing.T) {
	if err := console.WriteError(nil); err != nil {
		t.Errorf("WriteError(nil) = %v", err)
	}
	if code := failure.ExitCode(console.WriteError(syscall.ENOSPC)); code != 4 {
		t.Errorf("exit code %d, want 4", code)
	}
}
