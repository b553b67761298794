package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
)

func TestPruneKeepsTheNewestOfEachKind(t *testing.T) {
	s := history.Open(t.TempDir())
	kinds := map[string]func(*baseline.Run){
		"the usual":       func(*baseline.Run) {},
		"another load":    func(r *baseline.Run) { r.Digest = "sha256:77" },
		"another host":    func(r *baseline.Run) { r.Target = "https://staging.test" },
		"another branch":  func(r *baseline.Run) { r.Origin.Branch = "feature" },
		"another machine": func(r *baseline.Run) { r.Origin.Runner.Name = "large" },
	}
	var stay, gone []string
	for _, change := range kinds {
		for hours := range 4 {
			id := put(t, s, hours, of(change))
			if hours < 2 {
				gone = append(gone, id)
			} else {
				stay = append(stay, id)
			}
		}
	}
	removed, err := s.Prune(2, noon)
	if err != nil {
		t.Fatal(err)
	}
	got := ids(list(t, s))
	for _, all := range [][]string{stay, gone, removed, got} {
		slices.Sort(all)
	}
	if diff := cmp.Diff([][]string{gone, stay}, [][]string{removed, got}); diff != "" {
		t.Errorf("removed and left (-want +got):\n%s", diff)
	}
	if again, err := s.Prune(2, noon); again != nil || err != nil {
		t.Errorf("Prune again = %v, %v, want nothing", again, err)
	}
}

// Deployments that count for each other are one kind: else each would keep its last runs for ever.
func TestPruneOverHosts(t *testing.T) {
	s := history.Open(t.TempDir())
	var all []string
	for hours := range 5 {
		all = append(all, put(t, s, hours, of(func(r *baseline.Run) {
			r.Target, r.AnyHost = fmt.Sprintf("https://pr-%d.preview.test", hours), true
		})))
	}
	if removed, err := s.Prune(2, noon); err != nil || !slices.Equal(removed, all[:3]) {
		t.Errorf("Prune = %v, %v, want %v", removed, err, all[:3])
	}
	for _, r := range list(t, s) {
		if !r.AnyHost {
			t.Errorf("%s has forgotten that it is compared with any host", r.ID)
		}
	}
}

func TestPruneKeepsTheNewestAcceptedRun(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	var all []string
	for hours := range 8 {
		all = append(all, put(t, s, hours))
	}
	mark := func(at int, accepted bool, after time.Duration) {
		t.Helper()
		if _, err := s.Mark(all[at],
			baseline.Mark{Accepted: accepted, Reason: "because", At: noon.Add(after)}); err != nil {
			t.Fatal(err)
		}
	}
	mark(1, true, 1)
	mark(2, true, 1) // the newest that is still accepted
	mark(3, true, 1)
	mark(3, false, 2)
	mark(7, false, 1)
	removed, err := s.Prune(2, noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{all[0], all[1], all[3], all[4], all[5]}, removed); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{all[2], all[6], all[7]}, ids(list(t, s))); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if names := files(t, folder); len(names) != 5 {
		t.Errorf("3 runs and their 2 marks stay, want that of %v", names)
	}
}

// What a crash has left is no run, and goes when nobody can still be writing it.
func TestLeftovers(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	id := put(t, s, 0)
	for name, age := range map[string]time.Duration{".tmp-old": 2 * time.Hour,
		".tmp-new": time.Minute, "notes.txt": 1000 * time.Hour} {
		write(t, folder, name, []byte("half a r"))
		if err := os.Chtimes(filepath.Join(folder, name), noon.Add(-age), noon.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "x"+runSuffix), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := ids(list(t, s)); !slices.Equal(got, []string{id}) {
		t.Errorf("List = %v, want %s", got, id)
	}
	if removed, err := s.Prune(5, noon); removed != nil || err != nil {
		t.Errorf("Prune = %v, %v, want nothing", removed, err)
	}
	if diff := cmp.Diff([]string{".tmp-new", id + runSuffix, "notes.txt", "x" + runSuffix},
		files(t, folder)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}
