package history_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/history/storetest"
)

// A server that names files outside of a folder has nothing written there.
func TestACopyStaysInItsFolder(t *testing.T) {
	folder := t.TempDir()
	id := put(t, history.Open(folder), 0)
	evil := func(name string) []byte {
		return forged(t, read(t, folder, id+runSuffix), func(head map[string]any, body string) string {
			head["run"].(map[string]any)["id"] = name
			return body
		})
	}
	for _, name := range []string{"../evil", "../../evil", "/tmp/evil", `..\evil`, "c:evil", "a/../../evil"} {
		s := storetest.NewS3(t)
		p := inS3(t, s)
		file := evil(name)
		s.Before = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("list-type") != "" {
				fmt.Fprintf(w, `<ListBucketResult><Contents><Key>a team/nightly/%s.run.json.gz</Key><Size>%d</Size>`+
					`<LastModified>2026-11-22T12:00:00.000Z</LastModified></Contents></ListBucketResult>`,
					name, len(file))
				return true
			}
			w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
			_, _ = w.Write(file)
			return true
		}
		root := t.TempDir()
		c, err := history.Copy(p.open(), history.Open(filepath.Join(root, "a", "b", "c")))
		if err != nil || c.Runs != nil {
			t.Errorf("%s: copied %v, %v", name, c.Runs, err)
		}
		if runs, _ := p.open().List(); runs != nil {
			t.Errorf("%s is listed", name)
		}
		err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				t.Errorf("%s: wrote %s", name, path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// An object that was archived is a problem of its own, and the others are used.
func TestArchivedObjects(t *testing.T) {
	s := storetest.NewS3(t)
	p := inS3(t, s)
	id, archived := put(t, p.open(), 0), put(t, p.open(), 1)
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, archived+runSuffix) {
			return false
		}
		http.Error(w, "<Error><Code>InvalidObjectState</Code><Message>not valid</Message></Error>",
			http.StatusForbidden)
		return true
	}
	want := "run " + p.path(archived+runSuffix) +
		" is not used: it is archived; restore it, or prune it by a rule of the bucket"
	runs, problems := p.open().List()
	if !slices.Equal(ids(runs), []string{id}) || len(problems) != 1 || problems[0].Error() != want {
		t.Errorf("List = %v, %v\nwant %s", ids(runs), problems, want)
	}
	if _, _, _, err := p.open().Get("last"); err == nil || err.Error() != want {
		t.Errorf("Get = %v\nwant %s", err, want)
	}
}
