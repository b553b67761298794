package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/loadgate/loadgate/internal/result"
)

// child is a folder for a process of loadgate: this test's own binary under that
// name, and a thresholds.yaml.
type child struct{ dir, loadgate, file string }

func newChild(t *testing.T, thresholds string) child {
	t.Helper()
	dir := t.TempDir()
	c := child{dir, filepath.Join(dir, "loadgate"), filepath.Join(dir, "thresholds.yaml")}
	installSelf(t, c.loadgate)
	if err := os.WriteFile(c.file, []byte(thresholds), 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// result is what its run measured.
func (c child) result(t *testing.T) *result.Result {
	t.Helper()
	stored, err := os.Open(filepath.Join(c.dir, "loadgate-out", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	r, err := result.Decode(stored, "result.json")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// installSelf puts this test's own binary at a path that ends in loadgate, where
// it is loadgate, and so are the processes that it starts of itself: behind a
// symbolic link those would be the test again, and start it without end.
func installSelf(t *testing.T, to string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if os.Link(self, to) == nil {
		return
	}
	program, err := os.ReadFile(self) // to is on another file system
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, program, 0o700); err != nil {
		t.Fatal(err)
	}
}
