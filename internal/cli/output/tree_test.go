package output_test

import (
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/cli/output"
)

// saying writes a text.
func saying(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// grown writes files, each with the key "key", into a tree, and says how many were written anew and removed.
func grown(t *testing.T, folder string, files map[string]string) (made, removed int) {
	t.Helper()
	tree, err := output.OpenTree(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	var names []string
	for name := range files {
		names = append(names, name)
	}
	if err := tree.Plan(names); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if tree.Kept(name, "key") {
			continue
		}
		if err := tree.Write(name, "key", saying(text)); err != nil {
			t.Fatal(err)
		}
		made++
	}
	if removed, err = tree.Finish(); err != nil {
		t.Fatal(err)
	}
	return made, removed
}

// there are the files of a folder but for those whose names begin with a dot.
func there(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A tree holds what was written last. What is as it was is not written again; what was cut off or changed is; and
// the files of others stay.
func TestTree(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	first := map[string]string{"index.html": "i", "run/a.html": "a", "run/b.html": "b", "old/c.html": "c"}
	if made, removed := grown(t, folder, first); made != 4 || removed != 0 {
		t.Errorf("%d made and %d removed", made, removed)
	}
	if diff := cmp.Diff(first, there(t, folder)); diff != "" {
		t.Error(diff)
	}
	for name, text := range map[string]string{"CNAME": "example.org", "run/b.html": "half"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	second := map[string]string{"index.html": "i", "run/a.html": "a", "run/b.html": "b", "run/d.html": "d"}
	if made, removed := grown(t, folder, second); made != 2 || removed != 1 {
		t.Errorf("%d made and %d removed, want what was changed and what is new, and the one that is gone",
			made, removed)
	}
	want := maps.Clone(second)
	want["CNAME"] = "example.org"
	if diff := cmp.Diff(want, there(t, folder)); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(folder, "old")); err == nil {
		t.Error("the folder of the file that is gone is still there")
	}
	marker, err := os.ReadFile(filepath.Join(folder, ".loadgate-site.json"))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "site")
	grown(t, other, second)
	if again, _ := os.ReadFile(filepath.Join(other, ".loadgate-site.json")); string(again) != string(marker) {
		t.Error("the marker depends on what was there before")
	}
}

// A command that was killed while it wrote leaves a folder that the next one goes on with.
func TestTreeAfterACrash(t *testing.T) {
	folder := t.TempDir()
	tree, err := output.OpenTree(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Plan([]string{"a.html", "b.html"}); err != nil {
		t.Fatal(err)
	}
	if err := tree.Write("a.html", "key", saying("a")); err != nil {
		t.Fatal(err)
	}
	tree.Close() // and nothing more
	if made, removed := grown(t, folder, map[string]string{"b.html": "b"}); made != 1 || removed != 1 {
		t.Errorf("%d made and %d removed, want one each", made, removed)
	}
	if diff := cmp.Diff(map[string]string{"b.html": "b"}, there(t, folder)); diff != "" {
		t.Error(diff)
	}
}

// Nothing of others is overwritten or removed, whatever the marker says and wherever links lead.
func TestTreeSparesOthers(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret.txt")
	for _, test := range []struct {
		name   string
		before func(folder string)
		want   string
	}{
		{"a folder with files", func(f string) { put(t, f, "a.txt", "x") },
			"holds a.txt, which loadgate did not write"},
		{"a foreign marker", func(f string) { put(t, f, ".loadgate-site.json", "{}") }, "is not a list of files"},
		{"a file in the way", func(f string) {
			grown(t, f, map[string]string{"x.html": "x"})
			put(t, f, "index.html", "mine")
		}, "index.html is in the way"},
		{"a marker that leads outside", func(f string) {
			put(t, f, ".loadgate-site.json", `{"schema":"loadgate.site/1","files":[{"path":"../`+
				filepath.Base(outside)+`/secret.txt"},{"path":"`+secret+`"},{"path":"."},`+
				`{"path":"a/../../x"}]}`)
		}, ""},
		{"a link that leads outside", func(f string) {
			grown(t, f, map[string]string{"run/secret.txt": "x"})
			if err := os.RemoveAll(filepath.Join(f, "run")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(outside, filepath.Join(f, "run")); err != nil {
				t.Fatal(err)
			}
		}, "remove "},
		{"a link in the place of a page", func(f string) {
			grown(t, f, map[string]string{"index.html": "x"})
			if err := os.Remove(filepath.Join(f, "index.html")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(secret, filepath.Join(f, "index.html")); err != nil {
				t.Fatal(err)
			}
		}, "is a symbolic link"},
	} {
		put(t, outside, "secret.txt", "secret")
		folder := t.TempDir()
		test.before(folder)
		err := func() error {
			tree, err := output.OpenTree(folder)
			if err != nil {
				return err
			}
			defer tree.Close()
			if err := tree.Plan([]string{"index.html"}); err != nil {
				return err
			}
			if err := tree.Write("index.html", "", saying("page")); err != nil {
				return err
			}
			_, err = tree.Finish()
			return err
		}()
		if got := message(err); !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if text, err := os.ReadFile(secret); err != nil || string(text) != "secret" {
			t.Errorf("%s: the file outside is %q, %v", test.name, text, err)
		}
	}
}

// A folder is one command's at a time.
func TestTreeIsLocked(t *testing.T) {
	folder := t.TempDir()
	tree, err := output.OpenTree(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if _, err := output.OpenTree(folder); err == nil || !strings.Contains(err.Error(), "another loadgate") {
		t.Errorf("a second one opens it: %v", err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
