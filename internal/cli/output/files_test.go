//go:build unix

package output_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
)

func text(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// holds checks what is in a folder: its files by name, and nothing else.
func holds(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if content, expected := want[e.Name()]; err != nil || !expected || string(got) != content {
			t.Errorf("%s holds %q, %v; want %q", e.Name(), got, err, content)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

// A file is whole or what it was before, and nothing else is left in the folder.
func TestWriteFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made", "on", "demand")
	path := filepath.Join(folder, "report.html")
	if err := output.WriteFile(path, text("first")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	err := output.WriteFile(path, func(w io.Writer) error {
		return errors.Join(text(strings.Repeat("half of the second", 1000))(w), full)
	})
	if !errors.Is(err, full) || failure.ExitCode(err) != 4 || !strings.HasPrefix(err.Error(), "write "+path+": ") {
		t.Errorf("a failed write is %v with exit code %d; want its cause, and 4", err, failure.ExitCode(err))
	}
	holds(t, folder, map[string]string{"report.html": "first"})
	if err := output.WriteFile(path, text("third")); err != nil {
		t.Fatal(err)
	}
	holds(t, folder, map[string]string{"report.html": "third"})
	usual := filepath.Join(t.TempDir(), "usual")
	if err := os.WriteFile(usual, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	sameMode(t, path, usual)
	// Who may read a report stays as it was.
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(usual, 0o600), output.WriteFile(path, text("fourth"))); err != nil {
		t.Fatal(err)
	}
	sameMode(t, path, usual)
}

func sameMode(t *testing.T, path, like string) {
	t.Helper()
	got, err := os.Stat(path)
	want, wantErr := os.Stat(like)
	if err := errors.Join(err, wantErr); err != nil || got.Mode() != want.Mode() {
		t.Errorf("%s has the mode %v, want %v; %v", path, got.Mode(), want.Mode(), err)
	}
}

// A file in the place of a folder takes no files, and the message names the path once.
func TestUnwritableFolders(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(blocked, "report.html")
	_, lockErr := output.Lock(blocked)
	for name, err := range map[string]error{
		"WriteFile": output.WriteFile(path, text("x")), "CheckFolder": output.CheckFolder(blocked), "Lock": lockErr,
	} {
		if failure.ExitCode(err) != 4 || err == nil || strings.Count(err.Error(), blocked) != 1 {
			t.Errorf("%s: %v with exit code %d; want 4 and the path once", name, err, failure.ExitCode(err))
		}
	}
	// What cannot be there need not be removed.
	if err := output.RemoveOld("run", []string{path, filepath.Join(t.TempDir(), "missing")}); err != nil {
		t.Errorf("RemoveOld: %v", err)
	}
}

// A device is written to as it is, and stays one.
func TestDevices(t *testing.T) {
	if !output.IsDevice(os.DevNull) || output.IsDevice(t.TempDir()) || output.IsDevice("missing") {
		t.Error("a device is what is neither a file nor a folder")
	}
	if err := output.WriteFile(os.DevNull, text("x")); err != nil {
		t.Error(err)
	}
	if err := output.RemoveOld("run", []string{os.DevNull}); err != nil || !output.IsDevice(os.DevNull) {
		t.Errorf("the device was removed, or: %v", err)
	}
}

// A reader that goes away while a report is written has enough: that is no failure.
func TestClosedPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	err = output.WriteFile(fmt.Sprintf("/dev/fd/%d", w.Fd()), func(out io.Writer) error {
		return errors.Join(r.Close(), text(strings.Repeat("x", 1<<17))(out))
	})
	if err != nil {
		t.Errorf("WriteFile into a pipe without a reader: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A file that a person goes on with is never overwritten by accident; - is standard output.
func TestWriteNew(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "thresholds.yaml")
	var stdout strings.Builder
	env := environ.Env{Stdout: &stdout}
	if err := output.WriteNew(env, path, false, []byte("first")); err != nil {
		t.Fatal(err)
	}
	err := output.WriteNew(env, path, false, []byte("second"))
	if failure.ExitCode(err) != 2 || !strings.Contains(failure.HintOf(err), "--force") {
		t.Errorf("over a file that is there: %v, hint %q", err, failure.HintOf(err))
	}
	holds(t, folder, map[string]string{"thresholds.yaml": "first"})
	if err := output.WriteNew(env, path, true, []byte("third")); err != nil {
		t.Error(err)
	}
	holds(t, folder, map[string]string{"thresholds.yaml": "third"})
	if err := output.WriteNew(env, "-", false, []byte("fourth")); err != nil || stdout.String() != "fourth" {
		t.Errorf("standard output got %q, %v", stdout.String(), err)
	}
	err = output.WriteNew(environ.Env{Stdout: failing{}}, "-", false, []byte("fifth"))
	if failure.ExitCode(err) != 4 || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full standard output: %v", err)
	}
}

// A folder is one command's until it is given back.
func TestLock(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out")
	lock, err := output.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := output.Lock(folder); failure.ExitCode(err) != 4 || !strings.Contains(failure.HintOf(err), "--out") {
		t.Errorf("a folder that is taken: %v, hint %q", err, failure.HintOf(err))
	}
	lock.Unlock()
	holds(t, folder, map[string]string{})
	again, err := output.Lock(folder)
	if err != nil {
		t.Fatalf("a folder that was given back: %v", err)
	}
	again.Unlock()
	(*output.FolderLock)(nil).Unlock() // a lock that was not taken
}

// All spellings of a file are one file, before and after it exists.
func TestRealPath(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	for link, target := range map[string]string{"link": "a", "linked": ".", "out": "/dev/stdout", "loop": "loop"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	real := filepath.Join(folder, "a")
	for path, want := range map[string]string{
		"a": real, "./a": real, real: real, "link": real, "linked/a": real, "linked/link": real,
		"new/deep/a": filepath.Join(folder, "new", "deep", "a"), "linked/new/a": filepath.Join(folder, "new", "a"),
		"loop": filepath.Join(folder, "loop"),
		"-":    "/dev/fd/1", "/dev/stdout": "/dev/fd/1", "/proc/self/fd/1": "/dev/fd/1", "out": "/dev/fd/1",
		"/dev/stderr": "/dev/fd/2", "/dev/fd/7": "/dev/fd/7",
	} {
		if got := output.RealPath(path); got != want {
			t.Errorf("RealPath(%s) = %s, want %s", path, got, want)
		}
		if got := output.IsDevice(path); got != strings.HasPrefix(want, "/dev/fd/") {
			t.Errorf("IsDevice(%s) = %v", path, got)
		}
	}
}

// A link stays, and what it leads to is replaced, or made.
func TestWriteFileThroughLinks(t *testing.T) {
	folder := t.TempDir()
	link, file := filepath.Join(folder, "latest"), filepath.Join(folder, "report")
	if err := os.Symlink("report", link); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"first", "second"} {
		if err := output.WriteFile(link, text(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != content {
			t.Errorf("the file holds %q, %v; want %q", got, err, content)
		}
	}
	if err := output.RemoveOld("run", []string{link}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the report of an earlier run is still there: %v", err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
}
