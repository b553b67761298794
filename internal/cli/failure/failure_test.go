package failure_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The code of an error is that of its kind, however it is wrapped; of several, a verdict comes
// before an interruption, and both before what could not be written.
func TestExitCode(t *testing.T) {
	plain := errors.New("a flag is wrong")
	unwritten := failure.CouldNotRun(errors.New("write result.json: no space left"))
	for _, tt := range []struct {
		name string
		err  error
		want int
	}{
		{"none", nil, 0},
		{"usage", plain, 2},
		{"a run", unwritten, 4},
		{"a run, wrapped", fmt.Errorf("record: %w", unwritten), 4},
		{"a run, with a hint", failure.WithHint(unwritten, "write elsewhere"), 4},
		{"usage and a run", errors.Join(plain, unwritten), 4},
		{"a target that is not ready", fmt.Errorf("wait: %w", &engine.NotReadyError{}), 4},
		{"a history that cannot be reached", fmt.Errorf("x: %w", &history.ServerError{}), 4},
		{"the same without credentials", failure.WithoutCredentials(
			fmt.Errorf("postgres://a:b@c: %w", &history.ServerError{})), 4},
		{"an interruption", failure.ErrInterrupted, 130},
		{"an interruption with words", fmt.Errorf("%winterrupted before anything was measured",
			failure.ErrInterrupted), 130},
		{"an interruption and a run", errors.Join(unwritten, failure.ErrInterrupted), 130},
		{"a fail", failure.OfVerdict(verdict.Fail), 1},
		{"a fail and a run", errors.Join(unwritten, failure.OfVerdict(verdict.Fail)), 1},
		{"undecided", failure.OfVerdict(verdict.Inconclusive), 3},
		{"a warning", failure.OfVerdict(verdict.Warn), 0},
		{"a pass", failure.OfVerdict(verdict.Pass), 0},
	} {
		if got := failure.ExitCode(tt.err); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestWithoutCredentials(t *testing.T) {
	for text, want := range map[string]string{
		"read postgres://ann:se@cr/et@db.test/x: no":           "read postgres://***@db.test/x: no",
		`"POSTGRESQL://ann:secret…"`:                           `"POSTGRESQL://***…"`,
		`"postgres://ann:secret@db.test/a/very/long…"`:         `"postgres://***…"`,
		"postgres://db.test/x?password=secret&sslmode=disable": "postgres://db.test/x?password=***&sslmode=disable",
		"s3://key:secret@b/p":                                  "s3://***@b/p",
		"s3://b/p?secret=1 and more":                           "s3://b/p?*** and more",
		"write postgres://USER@HOST:5432/DATABASE":             "write postgres://USER@HOST:5432/DATABASE",
		"postgres://db.test:5432/x: mail ann@db.test":          "postgres://db.test:5432/x: mail ann@db.test",
	} {
		cause := errors.New(text)
		if got := failure.WithoutCredentials(cause); got.Error() != want || !errors.Is(got, cause) {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// What adds to an error never makes one of none.
func TestNilStaysNil(t *testing.T) {
	for name, err := range map[string]error{
		"CouldNotRun": failure.CouldNotRun(nil), "WithHint": failure.WithHint(nil, "x"),
		"WithoutCredentials": failure.WithoutCredentials(nil), "WithoutPath": failure.WithoutPath(nil),
		"OfVerdict": failure.OfVerdict(verdict.Pass),
	} {
		if err != nil {
			t.Errorf("%s made %v", name, err)
		}
	}
	if failure.IsVerdict(nil) || failure.HintOf(nil) != "" {
		t.Error("no error is a verdict, or has a hint")
	}
}

func TestHints(t *testing.T) {
	cause := errors.New("no such file")
	err := fmt.Errorf("read a: %w", failure.WithHint(failure.CouldNotRun(cause), "name another"))
	if got := failure.HintOf(err); got != "name another" {
		t.Errorf("the hint is %q", got)
	}
	if err.Error() != "read a: no such file" || !errors.Is(err, cause) {
		t.Errorf("the hint changes the error: %q", err)
	}
	if got := failure.HintOf(cause); got != "" {
		t.Errorf("an error without a hint has %q", got)
	}
}

// A message that names its file takes the rest of the error alone.
func TestWithoutPath(t *testing.T) {
	cause := errors.New("no space left")
	for name, err := range map[string]error{
		"a path": &fs.PathError{Op: "open", Path: "/tmp/a", Err: cause},
		"a link": &os.LinkError{Op: "rename", Old: "/tmp/a", New: "/tmp/b", Err: cause},
		"none":   cause,
	} {
		if got := failure.WithoutPath(err); got != cause {
			t.Errorf("%s: %v, want %v", name, got, cause)
		}
	}
}

func TestIsVerdict(t *testing.T) {
	if !failure.IsVerdict(fmt.Errorf("wrapped: %w", failure.OfVerdict(verdict.Fail))) {
		t.Error("a verdict is not seen as one")
	}
	if failure.IsVerdict(failure.ErrInterrupted) {
		t.Error("an interruption is taken for a verdict")
	}
}
