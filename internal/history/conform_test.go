package history_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// conforms holds one kind of place to all that holds of a history. Each call of fresh gives a new place.
func conforms(t *testing.T, fresh func(t *testing.T) place) {
	for _, row := range []struct {
		name string
		test func(t *testing.T, p place)
	}{
		{"keeps runs", placeKeepsRuns},
		{"keeps any text", placeKeepsAnyText},
		{"keeps marks", placeKeepsMarks},
		{"has several writers", placeHasSeveralWriters},
		{"names what is damaged", placeNamesWhatIsDamaged},
		{"takes in a copy", placeTakesInACopy},
	} {
		t.Run(row.name, func(t *testing.T) { row.test(t, fresh(t)) })
	}
}

func placeKeepsRuns(t *testing.T, p place) {
	s := p.open()
	if runs := list(t, s); runs != nil {
		t.Fatalf("a new place has %v", runs)
	}
	for _, id := range []string{"last", "2026", "", "../20261122"} {
		_, _, _, err := s.Get(id)
		if _, ok := errors.AsType[*history.NotFoundError](err); !ok || strings.Contains(err.Error(), "\n") {
			t.Errorf("Get(%q) = %v, want a NotFoundError", id, err)
		}
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	if runs := list(t, s); runs != nil {
		t.Fatalf("Check left %v", runs)
	}
	var want []baseline.Run
	results := map[string]*result.Result{}
	for _, hours := range []int{30, 2, 11, 1} {
		run, r := aRun(hours)
		run.ID = ""
		id, err := s.Put(run, r)
		if err != nil {
			t.Fatal(err)
		}
		run.ID, results[id] = id, r
		want = append(want, run)
	}
	slices.SortFunc(want, func(a, b baseline.Run) int { return strings.Compare(a.ID, b.ID) })
	runs := list(t, s)
	if diff := cmp.Diff(want, runs, cmpopts.EquateComparable(metric.Metric{})); diff != "" {
		t.Fatalf("List (-want +got):\n%s", diff)
	}
	newest := want[3]
	for _, name := range []string{newest.ID, "last", newest.ID[:18]} {
		run, r, _, err := s.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(newest, run, cmpopts.EquateComparable(metric.Metric{})); diff != "" {
			t.Errorf("Get(%q), run (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(results[newest.ID], r); diff != "" {
			t.Errorf("Get(%q), result (-want +got):\n%s", name, diff)
		}
	}
	if _, _, _, err := s.Get("202611"); err == nil || !strings.Contains(err.Error(), "4 runs in") {
		t.Errorf("Get of the beginning of four = %v", err)
	}
}

// Texts of strangers, heads that are longer than what is read first, and long reasons come back as they were.
func placeKeepsAnyText(t *testing.T, p place) {
	s := p.open()
	for _, text := range []string{"a\x00b", `\u0000`, `\\u0000`, "\x00\\\x00", "'; DROP TABLE loadgate_run; --",
		"\u202e\x1b[2J", "日本", `"<&>`} {
		put(t, s, 0, func(run *baseline.Run, r *result.Result) {
			r.Origin.Branch, r.Origin.Commit, r.Origin.Runner.Name = text, text, text
			r.Target, r.Name = "http://"+text, text
			*run = baseline.Of(r)
			run.Verdict = "pass"
			run.Figures = nil
			for i := range 400 {
				run.Figures = append(run.Figures, baseline.Figure{Metric: metric.P95, Value: 1 + float64(i*i*i),
					Endpoint: fmt.Sprintf("GET /%x/%s", uint64(i+7)*0x9E3779B97F4A7C15, text)})
			}
		})
		run, r, _, err := s.Get("last")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if run.Origin.Branch != text || r.Name != text || len(run.Figures) != 400 {
			t.Errorf("%q: got %q and %q, %d figures", text, run.Origin.Branch, r.Name, len(run.Figures))
		}
		reason := strings.Repeat(text, 30_000/len(text))
		if _, err := s.Mark(run.ID, baseline.Mark{Reason: reason, By: text, At: noon}); err != nil {
			t.Fatal(err)
		}
		if runs := list(t, s); len(runs) != 1 || len(runs[0].Figures) != 400 || len(runs[0].Marks) != 1 ||
			runs[0].Marks[0].Reason != reason {
			t.Errorf("%q: List gives another run or mark", text)
		}
		if gone, err := s.Prune(0, noon); err != nil || len(gone) != 1 {
			t.Fatalf("Prune = %v, %v", gone, err)
		}
	}
}

func placeKeepsMarks(t *testing.T, p place) {
	s := p.open()
	id, other := put(t, s, 0), put(t, s, 1)
	if _, err := s.Mark("2025", baseline.Mark{Reason: "x", At: noon}); err == nil {
		t.Error("a run that is not there is marked")
	}
	marks := []baseline.Mark{
		{Accepted: true, Reason: "by design", By: "ann", At: noon.Add(1)},
		{Reason: "the cache was cold", At: noon.Add(2)},
	}
	for _, m := range marks {
		if got, err := s.Mark(id[:len(id)-2], m); err != nil || got != id {
			t.Fatalf("Mark = %s, %v, want %s", got, err, id)
		}
	}
	runs := list(t, s)
	if diff := cmp.Diff(marks, runs[0].Marks); diff != "" || runs[1].Marks != nil || runs[1].ID != other {
		t.Errorf("marks (-want +got):\n%s\nand %v", diff, runs[1].Marks)
	}
	if run, _, _, err := s.Get(id); err != nil || !cmp.Equal(run.Marks, marks) {
		t.Errorf("Get: %v, %v, want %v", run.Marks, err, marks)
	}
	// A rejected run leaves nothing behind.
	if gone, err := s.Prune(1, noon); err != nil || !slices.Equal(gone, []string{id}) {
		t.Errorf("Prune = %v, %v, want %s", gone, err, id)
	}
	if names := p.names(); !slices.Equal(names, []string{other + runSuffix}) {
		t.Errorf("there is %v", names)
	}
}

func placeHasSeveralWriters(t *testing.T, p place) {
	const writers, each = 4, 6
	var mu sync.Mutex
	var put []string
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			s := p.open() // each has its own, as processes have
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
				if _, err = s.Mark(id, baseline.Mark{Accepted: true, Reason: "fine", At: noon}); err != nil {
					t.Errorf("Mark: %v", err)
				}
				mu.Lock()
				put = append(put, id)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	runs := list(t, p.open())
	slices.Sort(put)
	if diff := cmp.Diff(put, ids(runs)); diff != "" || len(put) != writers*each {
		t.Errorf("%d runs; List (-want +got):\n%s", len(put), diff)
	}
	for _, r := range runs {
		if len(r.Marks) != 1 {
			t.Errorf("%s has %d marks, want 1", r.ID, len(r.Marks))
		}
	}
	var removed []string
	for range 3 {
		group.Go(func() {
			gone, err := p.open().Prune(5, noon)
			if err != nil {
				t.Errorf("Prune: %v", err)
			}
			mu.Lock()
			removed = append(removed, gone...)
			mu.Unlock()
		})
	}
	group.Wait()
	// The newest that was accepted stays, and is one of the five.
	if runs := list(t, p.open()); len(runs) != 5 || p.knows && len(removed) != writers*each-5 {
		t.Errorf("%d runs stay and %d were removed", len(runs), len(removed))
	}
}

// What cannot be used is a problem of one line, and the rest is used.
func placeNamesWhatIsDamaged(t *testing.T, p place) {
	s := p.open()
	good := put(t, s, 0)
	bad := put(t, s, 1)
	file := p.read(bad + runSuffix)
	mark := bad + ".20261122T120000.000000000Z-000000" + markSuffix
	for _, row := range []struct {
		name string
		text []byte
		want string
	}{
		{"empty", nil, "it is cut off; remove it"},
		{"cut in the head", file[:40], "it is cut off; remove it"},
		{"cut at the end", file[:len(file)-1], "it is cut off; remove it"},
		{"with more behind", append(slices.Clone(file), 'x'), "it is damaged; remove it"},
		{"of somebody else", []byte("<html>no</html>, and some more of it"), "it is damaged; remove it"},
		{"of a newer loadgate", forged(t, file, func(head map[string]any, body string) string {
			head["schema"] = "loadgate.history/2"
			return body
		}),
			`schema "loadgate.history/2" is newer than this loadgate, which reads "loadgate.history/1"; ` +
				`update loadgate`},
		{"of another run", p.read(good + runSuffix),
			`it belongs to run "` + good + `", not to the one in its name; remove it`},
	} {
		p.write(bad+runSuffix, row.text)
		want := "run " + p.path(bad+runSuffix) + " is not used: " + row.want
		runs, problems := s.List()
		if len(problems) != 1 || problems[0].Error() != want || !slices.Equal(ids(runs), []string{good}) {
			t.Errorf("%s: List = %v and %v\nwant %s", row.name, ids(runs), problems, want)
		}
		if _, _, _, err := s.Get(bad); err == nil || err.Error() != want {
			t.Errorf("%s: Get:\n got %v\nwant %s", row.name, err, want)
		}
		if gone, err := s.Prune(1, noon); err != nil || gone != nil {
			t.Errorf("%s: Prune = %v, %v", row.name, gone, err)
		}
	}
	p.write(bad+runSuffix, file)
	p.write(mark, []byte("{"))
	want := "mark " + p.path(mark) + " is not used: it is damaged; remove it"
	if runs, problems := s.List(); len(runs) != 2 || len(problems) != 1 || problems[0].Error() != want {
		t.Errorf("List = %d runs, %v\nwant %s", len(runs), problems, want)
	}
	if run, _, problems, err := s.Get(bad); err != nil || run.ID != bad || len(problems) != 1 ||
		problems[0].Error() != want {
		t.Errorf("Get = %s, %v, %v\nwant %s", run.ID, problems, err, want)
	}
	if r, err := s.Result(bad); err != nil || r == nil {
		t.Errorf("Result = %v, %v", r, err)
	}
}

// A copy brings what is missing, byte by byte, with its marks, and can be repeated.
func placeTakesInACopy(t *testing.T, p place) {
	folder := t.TempDir()
	source, s := history.Open(folder), p.open()
	var want []string
	for hours := range 5 {
		want = append(want, put(t, source, hours))
	}
	if _, err := source.Mark(want[1], baseline.Mark{Reason: "cold", At: noon}); err != nil {
		t.Fatal(err)
	}
	own := put(t, s, 9)
	write(t, folder, "20261122T170000Z-bbbbbb"+runSuffix, read(t, folder, want[0]+runSuffix)[:50])
	for _, row := range []struct{ runs, marks, there int }{{5, 1, 0}, {0, 0, 5}} {
		c, err := history.Copy(source, s)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Runs) != row.runs || c.Marks != row.marks || c.There != row.there || len(c.Problems) != 1 ||
			!strings.HasSuffix(c.Problems[0].Error(), "is not used: it is cut off; remove it") {
			t.Errorf("Copy = %+v, want %+v and a problem", c, row)
		}
	}
	runs := list(t, s)
	if !slices.Equal(ids(runs), append(slices.Clone(want), own)) || len(runs[1].Marks) != 1 {
		t.Fatalf("List = %v, marks %v", ids(runs), runs[1].Marks)
	}
	for _, name := range p.names() {
		if !strings.HasPrefix(name, own) && !bytes.Equal(p.read(name), read(t, folder, name)) {
			t.Errorf("%s is another file", name)
		}
	}
	// And back, into a folder that is not there.
	back := history.Open(filepath.Join(t.TempDir(), "new"))
	if c, err := history.Copy(s, back); err != nil || len(c.Runs) != 6 || c.Marks != 1 || c.Problems != nil {
		t.Fatalf("Copy = %+v, %v", c, err)
	}
	if diff := cmp.Diff(runs, list(t, back), cmpopts.EquateComparable(metric.Metric{})); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
}
