package fleet_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/fleet"
)

func TestFiles(t *testing.T) {
	files := fleet.Files{"thresholds.yaml": []byte("version: 1\n"), "data/users.csv": []byte("a,b\n")}
	for name, content := range files {
		f, err := files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fs.ReadFile(files, name)
		if err != nil || string(got) != string(content) {
			t.Errorf("%s is %q, %v", name, got, err)
		}
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(content)) ||
			!strings.HasSuffix(name, info.Name()) {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := files.Open("data"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := files.Open("../etc/passwd"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a file outside: %v", err)
	}
}

func TestOneLine(t *testing.T) {
	for _, text := range []string{"a\nb\x1b[2J", strings.Repeat("é", 3000), "\xff\xfe", ""} {
		if err := (fleet.Status{K: 1, Error: fleet.OneLine(text)}).Check(1); err != nil {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}
