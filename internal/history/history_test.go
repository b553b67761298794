package history_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

func TestWhatIsPutInComesOut(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "not", "there", "yet")
	s := history.Open(folder)
	run, r := aRun(0)
	id, err := s.Put(run, r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "20261122T120000Z-"; !strings.HasPrefix(id, want) {
		t.Errorf("Put = %s, want %s…", id, want)
	}
	run.ID = id
	if diff := cmp.Diff([]baseline.Run{run}, list(t, s), cmpopts.EquateComparable(metric.Metric{})); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	for _, name := range []string{id, "last", id[:10], id[:1]} {
		got, whole, _, err := s.Get(name)
		if err != nil {
			t.Fatalf("Get(%q): %v", name, err)
		}
		if diff := cmp.Diff(run, got, cmpopts.EquateComparable(metric.Metric{})); diff != "" {
			t.Errorf("Get(%q), run (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(r, whole); diff != "" {
			t.Errorf("Get(%q), result (-want +got):\n%s", name, diff)
		}
	}
	// Any other tool reads the file as one JSON document.
	var document map[string]json.RawMessage
	if err := json.Unmarshal([]byte(unzip(t, read(t, folder, id+runSuffix))), &document); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"schema", "run", "result_bytes", "result"} {
		if document[key] == nil {
			t.Errorf("the document has no %q", key)
		}
	}
	if names := files(t, folder); !slices.Equal(names, []string{id + runSuffix}) {
		t.Errorf("the folder holds %v", names)
	}
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestListIsOldestFirst(t *testing.T) {
	s := history.Open(t.TempDir())
	var want []string
	for _, hours := range []int{30, 2, 11, 1} {
		want = append(want, put(t, s, hours))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, ids(list(t, s))); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	if got, _, _, err := s.Get("last"); err != nil || got.ID != want[3] {
		t.Errorf("Get(last) = %s, %v, want %s", got.ID, err, want[3])
	}
}

func TestSeveralWritersAtOnce(t *testing.T) {
	folder := t.TempDir()
	const writers, each = 8, 10
	var mu sync.Mutex
	var put, marked []string
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			s := history.Open(folder) // each has its own, as processes have
			for range each {
				run, r := aRun(0) // all began in the same second
				id, err := s.Put(run, r)
				if err != nil {
					t.Errorf("Put: %v", err)
					return
				}
				if _, problems := s.List(); problems != nil {
					t.Errorf("List meanwhile: %v", problems)
				}
				_, err = s.Mark(id, baseline.Mark{Accepted: true, Reason: "fine", At: noon})
				mu.Lock()
				put, marked = append(put, id), append(marked, id)
				mu.Unlock()
				if err != nil {
					t.Errorf("Mark: %v", err)
				}
			}
		})
	}
	group.Wait()
	runs := list(t, history.Open(folder))
	slices.Sort(put)
	if diff := cmp.Diff(put, ids(runs)); diff != "" || len(put) != writers*each {
		t.Errorf("%d runs; List (-want +got):\n%s", len(put), diff)
	}
	for _, r := range runs {
		if len(r.Marks) != 1 {
			t.Errorf("%s has %d marks, want 1", r.ID, len(r.Marks))
		}
	}
	if len(marked) != len(put) {
		t.Errorf("%d marks of %d runs", len(marked), len(put))
	}
}

// Several processes may clean up at once, and while others write.
func TestSeveralPruneAtOnce(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	for hours := range 40 {
		put(t, s, hours)
	}
	var mu sync.Mutex
	var removed []string
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			gone, err := history.Open(folder).Prune(5, noon)
			if err != nil {
				t.Errorf("Prune: %v", err)
			}
			if _, problems := history.Open(folder).List(); problems != nil {
				t.Errorf("List meanwhile: %v", problems)
			}
			mu.Lock()
			removed = append(removed, gone...)
			mu.Unlock()
		})
	}
	group.Wait()
	if runs := list(t, s); len(runs) != 5 || len(removed) != 35 {
		t.Errorf("%d runs stay and %d were removed, want 5 and 35", len(runs), len(removed))
	}
}

func TestAMissingFolderIsAnEmptyHistory(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	s := history.Open(folder)
	if runs, problems := s.List(); runs != nil || problems != nil {
		t.Errorf("List = %v, %v, want nothing", runs, problems)
	}
	if removed, err := s.Prune(1, noon); removed != nil || err != nil {
		t.Errorf("Prune = %v, %v, want nothing", removed, err)
	}
	for _, id := range []string{"last", "2026", ""} {
		_, _, _, err := s.Get(id)
		if _, ok := errors.AsType[*history.NotFoundError](err); !ok {
			t.Errorf("Get(%q) = %v, want a NotFoundError", id, err)
		}
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
}

func TestFoldersThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, filepath.Dir(file), "file", nil)
	s := history.Open(file)
	if runs, problems := s.List(); runs != nil || len(problems) != 1 {
		t.Errorf("List of a file = %v, %v, want one problem", runs, problems)
	} else if want := "read history " + file + ": not a directory"; problems[0].Error() != want {
		t.Errorf("List of a file = %v, want %s", problems[0], want)
	}
	run, r := aRun(0)
	if _, err := s.Put(run, r); err == nil {
		t.Error("Put into a file succeeds")
	}
	if _, err := s.Prune(1, noon); err == nil {
		t.Error("Prune of a file succeeds")
	}
	if err := s.Check(); err == nil {
		t.Error("Check of a file = nil")
	}
}

func TestCheckMakesTheFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	if err := history.Open(folder).Check(); err != nil {
		t.Fatal(err)
	}
	if names := files(t, folder); names != nil {
		t.Errorf("Check left %v", names)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the superuser writes everywhere")
	}
	folder := t.TempDir()
	s := history.Open(folder)
	id := put(t, s, 0)
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	run, r := aRun(1)
	if _, err := s.Put(run, r); !errors.Is(err, os.ErrPermission) {
		t.Errorf("Put = %v, want a permission error", err)
	}
	if _, err := s.Mark(id, baseline.Mark{Reason: "slow", At: noon}); !errors.Is(err, os.ErrPermission) {
		t.Errorf("Mark = %v, want a permission error", err)
	}
	if _, err := s.Prune(0, noon); !errors.Is(err, os.ErrPermission) {
		t.Errorf("Prune = %v, want a permission error", err)
	}
	if got := ids(list(t, s)); !slices.Equal(got, []string{id}) {
		t.Errorf("List = %v, want %s", got, id)
	}
}

func TestPutRefuses(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*baseline.Run, *result.Result)
		want   string
	}{
		{"a run that was cut", func(run *baseline.Run, _ *result.Result) { run.End = result.Cut },
			"only a run that came to its end is kept"},
		{"one that was stopped", func(run *baseline.Run, _ *result.Result) { run.End = result.Stopped },
			"only a run that came to its end is kept"},
		{"no time", func(run *baseline.Run, _ *result.Result) { run.Started = time.Time{} },
			"it does not say when it ran"},
		{"no load", func(run *baseline.Run, _ *result.Result) { run.Digest = "" }, "it does not say when it ran"},
		{"a latency of 0", func(run *baseline.Run, _ *result.Result) { run.Figures[0].Value = 0 },
			`it has an impossible p95 of "GET /items"`},
		{"a broken result", func(_ *baseline.Run, r *result.Result) { r.Endpoints[0].Slots[0].Requests = 7 },
			`endpoint "GET /items": slot 0: 7 requests`},
	} {
		folder := t.TempDir()
		run, r := aRun(0)
		row.change(&run, r)
		if id, err := history.Open(folder).Put(run, r); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s: Put = %s, %v, want %s", row.name, id, err, row.want)
		}
		if names := files(t, folder); names != nil {
			t.Errorf("%s: left %v", row.name, names)
		}
	}
}

func TestNames(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	first, second := put(t, s, 0), put(t, s, 1)
	for _, row := range []struct{ name, id, want, problem string }{
		{"whole", first, first, ""},
		{"cut short", first[:len(first)-3], first, ""},
		{"the newest", "last", second, ""},
		{"two begin alike", "20261122", "", `2 runs in ` + folder + ` begin with "20261122"; write more of it`},
		{"none begins so", "2025", "", `no run "2025" in ` + folder +
			`; loadgate history list shows those that there are`},
		{"nothing", "", "", `no run "" in ` + folder + `; loadgate history list shows those that there are`},
		{"out of the folder", "../" + first, "", `no run "../` +
			first + `" in ` + folder + `; loadgate history list shows those that there are`},
	} {
		run, _, _, err := s.Get(row.id)
		problem := ""
		if err != nil {
			problem = err.Error()
		}
		if run.ID != row.want || problem != row.problem {
			t.Errorf("%s: Get(%q) = %q, %q, want %q, %q", row.name, row.id, run.ID, problem, row.want, row.problem)
		}
	}
}
