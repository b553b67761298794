package history_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
)

func TestTheNewestMarkHolds(t *testing.T) {
	s := history.Open(t.TempDir())
	id, other := put(t, s, 0), put(t, s, 1)
	zone := time.FixedZone("far", 9*3600)
	marks := []baseline.Mark{
		{Accepted: true, Reason: "by design", By: "ann", At: noon.Add(time.Nanosecond)},
		{Reason: "the cache was cold", At: noon.Add(2 * time.Nanosecond)},
		{Accepted: true, Reason: "a\x1b[2J\nb", By: "ben", At: noon.Add(3 * time.Nanosecond)},
	}
	for _, m := range marks {
		m.At = m.At.In(zone)
		if got, err := s.Mark(id[:len(id)-2], m); err != nil || got != id {
			t.Fatalf("Mark = %s, %v, want %s", got, err, id)
		}
	}
	runs := list(t, s)
	if diff := cmp.Diff(marks, runs[0].Marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	if m, ok := runs[0].Mark(); !ok || m != marks[2] {
		t.Errorf("Mark = %+v, %v, want %+v", m, ok, marks[2])
	}
	if _, ok := runs[1].Mark(); ok {
		t.Errorf("%s has a mark", other)
	}
	if run, _, _, err := s.Get(id); err != nil || !cmp.Equal(run.Marks, marks) {
		t.Errorf("Get: %v, %v, want %v", run.Marks, err, marks)
	}
}

// The newest word counts, also after one of a machine whose clock is ahead.
func TestMarkAfterAClockThatIsAhead(t *testing.T) {
	s := history.Open(t.TempDir())
	id := put(t, s, 0)
	ahead := noon.AddDate(1, 0, 0)
	for _, m := range []baseline.Mark{{Accepted: true, Reason: "by design", At: ahead},
		{Reason: "no, the cache was cold", At: noon}, {Accepted: true, Reason: "it is by design", At: noon}} {
		if _, err := s.Mark(id, m); err != nil {
			t.Fatal(err)
		}
		got, _ := list(t, s)[0].Mark()
		if got.Reason != m.Reason {
			t.Errorf("after %q, %q counts", m.Reason, got.Reason)
		}
	}
}

func TestMarkRefuses(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	id := put(t, s, 0)
	for _, row := range []struct {
		name, id string
		mark     baseline.Mark
		want     string
	}{
		{"no reason", id, baseline.Mark{Reason: " \t", At: noon}, "a mark needs a reason and a time"},
		{"no time", id, baseline.Mark{Reason: "slow"}, "a mark needs a reason and a time"},
		{"no such run", "2025", baseline.Mark{Reason: "slow", At: noon}, `no run "2025" in ` + folder},
	} {
		if _, err := s.Mark(row.id, row.mark); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s: Mark = %v, want %s", row.name, err, row.want)
		}
	}
	if names := files(t, folder); len(names) != 1 {
		t.Errorf("left %v", names)
	}
}

// A mark that cannot be read is reported; its run is used without it.
func TestMarksThatAreNotUsed(t *testing.T) {
	const good = `{"schema":"loadgate.mark/1","run":"ID","accepted":false,"reason":"cold","at":"2026-11-22T12:00:00Z"}`
	for _, row := range []struct{ name, text, want string }{
		{"empty", "", "it is damaged; remove it"},
		{"cut off", good[:40], "it is damaged; remove it"},
		{"something else", `{"a":1}`, "it was not written by loadgate; remove it"},
		{"newer", `{"schema":"loadgate.mark/2","run":7}`,
			`schema "loadgate.mark/2" is newer than this loadgate, which reads "loadgate.mark/1"; update loadgate`},
		{"of another run", strings.Replace(good, "ID", "20250101T000000Z-000000", 1),
			`it belongs to run "20250101T000000Z-000000", not to the one in its name; remove it`},
		{"without a reason", strings.Replace(good, "cold", "", 1), "it is damaged; remove it"},
		{"without a time", strings.Replace(good, "2026-11-22T12:00:00Z", "0001-01-01T00:00:00Z", 1),
			"it is damaged; remove it"},
		{"without end", `{"schema":"loadgate.mark/1","reason":"` + strings.Repeat("a", 1<<20),
			"it is damaged; remove it"},
	} {
		folder := t.TempDir()
		s := history.Open(folder)
		id, other := put(t, s, 0), put(t, s, 1)
		name := id + ".20261122T120000.000000000Z-000000" + markSuffix
		write(t, folder, name, []byte(row.text))
		want := "mark " + filepath.Join(folder, name) + " is not used: " + row.want
		if got := problem(t, s, 2); got != want {
			t.Errorf("%s: List:\n got %s\nwant %s", row.name, got, want)
		}
		switch run, _, problems, err := s.Get(id); {
		case err != nil || run.ID != id || len(run.Marks) > 0:
			t.Errorf("%s: Get: %v, %v", row.name, run, err)
		case len(problems) != 1 || problems[0].Error() != want:
			t.Errorf("%s: Get:\n got %v\nwant %s", row.name, problems, want)
		}
		if _, _, _, err := s.Get(other); err != nil {
			t.Errorf("%s: Get of another run: %v", row.name, err)
		}
	}
}

// The mark of a run that is not there is no problem: a folder may have been
// copied while it was pruned.
func TestAMarkWithoutItsRun(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	put(t, s, 0)
	const name = "20250101T000000Z-000000.20261122T120000.000000000Z-000000" + markSuffix
	write(t, folder, name,
		[]byte(
			`{"schema":"loadgate.mark/1","run":"20250101T000000Z-000000","reason":"cold","at":"2026-11-22T12:00:00Z"}`))
	if runs := list(t, s); len(runs) != 1 || runs[0].Marks != nil {
		t.Errorf("List = %+v, want one run without a mark", runs)
	}
	if _, err := s.Prune(1, noon); err != nil {
		t.Fatal(err)
	}
	if names := files(t, folder); len(names) != 1 {
		t.Errorf("Prune left %v", names)
	}
}
