package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nightlies is a copy of the kept runs that may be changed.
func nightlies(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "history")
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "testdata", "history", "nightly"))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A result that cannot be read costs its pages their charts and one line, once; they are made again when it can.
func TestSiteWithAnUnreadableResult(t *testing.T) {
	history, site := nightlies(t), filepath.Join(t.TempDir(), "site")
	file := filepath.Join(history, "20261110T013000Z-f16734.run.json.gz")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-5] ^= 0xff // of the checksum behind the result
	if err := os.WriteFile(file, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	made := func(want string, complaints int) string {
		t.Helper()
		var stdout strings.Builder
		code, stderr := run(t.Context(), &stdout, nil, "history", "site", site, "--history", history)
		if n := strings.Count(stderr, "its page lacks the charts"); code != 0 || n != complaints ||
			!strings.Contains(stdout.String(), want) {
			t.Errorf("code %d, %swant %s and %d complaints in\n%s", code, stdout.String(), want, complaints, stderr)
		}
		page, err := os.ReadFile(filepath.Join(site, "run", "20261110T013000Z-f16734.html"))
		if err != nil {
			t.Fatal(err)
		}
		return string(page)
	}
	for _, want := range []string{"48 written", "7 written"} { // it, and the two pages that compare it
		page := made(want, 1)
		if !strings.Contains(page, "it cannot be read") || !strings.Contains(page, "GET /search") {
			t.Error("the page does not have what is kept beside the result")
		}
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if page := made("7 written", 0); strings.Contains(page, "it cannot be read") {
		t.Error("the page stays without its charts")
	}
	made("4 written", 0)
}

// A site goes into a folder, and into no history.
func TestSiteNeedsAFolder(t *testing.T) {
	history := nightlies(t)
	for _, test := range []struct {
		folder, want string
		code         int
	}{
		{history, "which loadgate did not write", 2},
		{write(t, "file", "x"), "not a directory", 4},
		{os.DevNull, "not a directory", 4},
	} {
		code, stderr := run(t.Context(), &strings.Builder{}, nil, "history", "site", test.folder, "--history", history)
		if code != test.code || !strings.Contains(stderr, test.want) {
			t.Errorf("%s: code %d, want %d, in\n%s", test.folder, code, test.code, stderr)
		}
	}
}
