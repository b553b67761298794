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
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, c.loadgate); err != nil {
		t.Fatal(err)
	}
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
