package history_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

var update = flag.Bool("update", false, "write the golden file")

// problem is the one thing that is wrong with a store beside the runs that are
// used.
func problem(t testing.TB, s *history.Store, used int) string {
	t.Helper()
	runs, problems := s.List()
	if len(runs) != used || len(problems) != 1 {
		t.Fatalf("List = %v, %v, want %d runs and one problem", ids(runs), problems, used)
	}
	text := problems[0].Error()
	if strings.ContainsAny(text, "\n\x1b") {
		t.Errorf("a problem of several lines, or with an escape: %q", text)
	}
	return text
}

// A run whose writer, or whose copy, was cut off is one problem, wherever that
// was.
func TestCutOff(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	id := put(t, s, 0)
	other := put(t, s, 1)
	whole := read(t, folder, id+runSuffix)
	want := fmt.Sprintf("run %s is not used: it is cut off; remove it", filepath.Join(folder, id+runSuffix))
	for length := range whole {
		write(t, folder, id+runSuffix, whole[:length])
		if got := problem(t, s, 1); got != want {
			t.Fatalf("cut off at %d of %d: %s, want %s", length, len(whole), got, want)
		}
		if _, _, _, err := s.Get(id); err == nil || err.Error() != want {
			t.Fatalf("cut off at %d of %d: Get = %v, want %s", length, len(whole), err, want)
		}
	}
	if _, _, _, err := s.Get(other); err != nil {
		t.Errorf("the other run: %v", err)
	}
}

func TestFilesThatAreNotUsed(t *testing.T) {
	sample := t.TempDir()
	id := put(t, history.Open(sample), 0)
	file := read(t, sample, id+runSuffix)
	long := strings.Repeat("x", 5000)
	head := func(change func(head map[string]any)) []byte {
		return forged(t, file, func(head map[string]any, body string) string { change(head); return body })
	}
	figure := func(key string, value any) []byte {
		return head(func(head map[string]any) {
			head["run"].(map[string]any)["figures"].([]any)[0].(map[string]any)[key] = value
		})
	}
	run := func(key string, value any) []byte {
		return head(func(head map[string]any) { head["run"].(map[string]any)[key] = value })
	}
	flipped := append([]byte(nil), file...)
	flipped[40] ^= 0xff
	for _, row := range []struct {
		name string
		text []byte
		want string
	}{
		{"text", []byte("hello, this is no gzip file at all\n"), "it is damaged; remove it"},
		{"gzip of something else", zipped(t, "hello"), "it was not written by loadgate; remove it"},
		{"a JSON document of something else", zipped(t, `{"a":1`+",\n\"result\":", "{}}\n"),
			"it was not written by loadgate; remove it"},
		{"no JSON", zipped(t, "hello,\n\"result\":", "{}}\n"), "it is damaged; remove it"},
		{"flipped bits", flipped, "it is damaged; remove it"},
		{"bytes behind it", append(append([]byte(nil), file...), "more"...), "it is damaged; remove it"},
		{"a bomb", zipped(t, `{"schema":"`+strings.Repeat("a", 17<<20)),
			"it was not written by loadgate; remove it"},
		{"a newer schema",
			head(func(head map[string]any) { head["schema"], head["run"] = "loadgate.history/2", "elsewhere" }),
			`schema "loadgate.history/2" is newer than this loadgate, which reads "loadgate.history/1"; update ` +
				`loadgate`},
		{"a schema without end", head(func(head map[string]any) { head["schema"] = "loadgate.history/" + long }),
			`schema "loadgate.history/` + long[:63] +
				`…" is newer than this loadgate, which reads "loadgate.history/1"; update loadgate`},
		{"another schema", head(func(head map[string]any) { head["schema"] = "loadgate.result/1" }),
			"it was not written by loadgate; remove it"},
		{"keys of other types", head(func(head map[string]any) { head["run"] = 7 }), "it is damaged; remove it"},
		{"an ID that is not the file's", run("id", "20200101T000000Z-\x1b[2J"),
			`it belongs to run "20200101T000000Z-\x1b[2J", not to the one in its name; remove it`},
		{"no time", run("started", "0001-01-01T00:00:00Z"),
			"it does not say when it ran, or under which load; remove it"},
		{"no load", run("digest", ""), "it does not say when it ran, or under which load; remove it"},
		{"a metric of nobody", figure("metric", "p95\n"), "it is damaged; remove it"},
		{"a value of 0", figure("value", 0), `it has an impossible p95 of "GET /items"; remove it`},
		{"a negative error", figure("err", -1), `it has an impossible p95 of "GET /items"; remove it`},
		{"no endpoint", figure("endpoint", ""), `it has an impossible p95 of ""; remove it`},
		{"a number beyond numbers", []byte(strings.Clone(string(figure("value", "1e999")))),
			"it is damaged; remove it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder := t.TempDir()
			s := history.Open(folder)
			put(t, s, 1)
			write(t, folder, id+runSuffix, row.text)
			want := fmt.Sprintf("run %s is not used: %s", filepath.Join(folder, id+runSuffix), row.want)
			if got := problem(t, s, 1); got != want {
				t.Errorf("List:\n got %s\nwant %s", got, want)
			}
			if _, _, _, err := s.Get(id); err == nil || err.Error() != want {
				t.Errorf("Get:\n got %v\nwant %s", err, want)
			}
			if _, err := s.Prune(1, noon); err != nil {
				t.Errorf("Prune: %v", err)
			}
			if names := files(t, folder); len(names) != 2 {
				t.Errorf("Prune took one away: %v", names)
			}
		})
	}
}

// What is wrong behind the head shows when the whole run is asked for.
func TestResultsThatAreNotUsed(t *testing.T) {
	folder := t.TempDir()
	s := history.Open(folder)
	id := put(t, s, 0)
	file := read(t, folder, id+runSuffix)
	for _, row := range []struct{ name, from, to, want string }{
		{"counts that contradict each other", `"requests":2`, `"requests":3`, "it is damaged; remove it"},
		{"a newer schema", `"schema":"loadgate.result/1"`, `"schema":"loadgate.result/2"`,
			`schema "loadgate.result/2" is newer than this loadgate, which reads "loadgate.result/1"; update loadgate`},
		{"of another load", `"digest":"sha256:4be1"`, `"digest":"sha256:0000"`, "it is damaged; remove it"},
		{"not closed", "}\n}\n", "}\n", "it is damaged; remove it"},
	} {
		write(t, folder, id+runSuffix, forged(t, file, func(_ map[string]any, body string) string {
			changed := strings.Replace(body, row.from, row.to, 1)
			if changed == body {
				t.Fatalf("%s: nothing to change", row.name)
			}
			return changed
		}))
		want := fmt.Sprintf("run %s is not used: %s", filepath.Join(folder, id+runSuffix), row.want)
		if _, _, _, err := s.Get(id); err == nil || err.Error() != want {
			t.Errorf("%s: Get:\n got %v\nwant %s", row.name, err, want)
		}
		if got := ids(list(t, s)); len(got) != 1 {
			t.Errorf("%s: List = %v, want the run", row.name, got)
		}
	}
}

// A file of the first schema stays readable. -update writes it only where there
// is none: it must be what an old loadgate has written.
func TestGoldenFile(t *testing.T) {
	const folder = "../../testdata/history/v1"
	run, r := aRun(0)
	run.Figures[0].Transaction = true
	if runs, _ := history.Open(folder).List(); *update && runs == nil {
		id := put(t, history.Open(folder), 0, func(to *baseline.Run, _ *result.Result) { *to = run })
		if _, err := history.Open(folder).Mark(id,
			baseline.Mark{Accepted: true, Reason: "the new search", By: "ann", At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	s := history.Open(folder)
	runs := list(t, s)
	if len(runs) != 1 {
		t.Fatalf("%d golden runs, want 1", len(runs))
	}
	run.ID = runs[0].ID
	run.Marks = []baseline.Mark{{Accepted: true, Reason: "the new search", By: "ann", At: noon}}
	got, whole, _, err := s.Get(run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]baseline.Run{run, run}, []baseline.Run{runs[0], got},
		cmpopts.EquateComparable(metric.Metric{})); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r, whole); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

// FuzzDecode: no file makes a panic, or an error of several lines; a run that
// is listed keeps every promise that a comparison builds on.
func FuzzDecode(f *testing.F) {
	sample := f.TempDir()
	s := history.Open(sample)
	id := put(f, s, 0)
	file := read(f, sample, id+runSuffix)
	f.Add(file, []byte(`{"schema":"loadgate.mark/1","run":"`+id+
		`","accepted":true,"reason":"fine","at":"2026-11-22T12:00:00Z"}`))
	f.Add(file[:len(file)/2], []byte(`{"schema":"loadgate.mark/2"}`))
	f.Add(forged(f, file, func(head map[string]any, body string) string {
		head["schema"] = "loadgate.history/2"
		return body
	}), []byte(nil))
	f.Add(zipped(f, "{}"), []byte("{}"))
	f.Fuzz(func(t *testing.T, file, mark []byte) {
		folder, err := os.MkdirTemp(sample, "fuzz")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		write(t, folder, id+runSuffix, file)
		write(t, folder, id+".20261122T120000.000000000Z-000000"+markSuffix, mark)
		s := history.Open(folder)
		runs, problems := s.List()
		for _, p := range problems {
			if strings.Contains(p.Error(), "\n") || len(p.Error()) > 2000 {
				t.Errorf("a long problem: %q", p)
			}
		}
		for _, r := range runs {
			if r.ID != id || r.Started.IsZero() || r.Digest == "" {
				t.Errorf("listed: %+v", r)
			}
			for _, figure := range r.Figures {
				if !(figure.Value > 0) || !(figure.Err >= 0) || figure.Metric.Name() == "" {
					t.Errorf("listed: %+v", figure)
				}
			}
		}
		run, r, _, err := s.Get(id)
		if err != nil {
			return
		}
		if len(runs) != 1 || r.Check() != nil {
			t.Fatalf("Get gives a run that List does not, or one that cannot be: %v", r.Check())
		}
		if _, err := s.Put(run, r); err != nil && run.Whole() {
			t.Errorf("what was read is not kept again: %v", err)
		}
	})
}
