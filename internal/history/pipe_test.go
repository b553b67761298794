//go:build unix

package history_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/loadgate/loadgate/internal/history"
)

// What has the name of a run or of a mark and is a pipe is a problem that is reported, and is never removed.
func TestPipesAreNoRuns(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	id := put(t, s, 0)
	for _, name := range []string{
		"20261122T130000Z-abcdef" + runSuffix, id + ".20261122T120000.000000000Z-000000" + markSuffix,
	} {
		path := filepath.Join(folder, name)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := problem(t, s, 1); !strings.Contains(got, path+" is not used: it is a pipe") {
			t.Errorf("%s: %s", name, got)
		}
		if gone, err := s.Prune(1, noon.AddDate(1, 0, 0)); err != nil || len(gone) != 0 {
			t.Errorf("%s: Prune = %v, %v", name, gone, err)
		}
		if err := os.Remove(path); err != nil {
			t.Errorf("it is no longer there: %v", err)
		}
	}
}
