package result_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/result"
)

func TestJournalReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		played := anyTape(rapid.IntRange(1, 12).Draw(t, "seconds")).Draw(t, "tape")
		end := rapid.SampledFrom([]result.End{result.Cut, result.Complete,
			result.Interrupted, result.Lost}).Draw(t, "end")
		want := played.record(t, whole)
		if err := want.Finish(end); err != nil {
			t.Fatal(err)
		}
		// The head is the run as it stands, whatever it has measured already.
		head := rapid.SampledFrom([]*result.Result{empty(whole), want}).Draw(t, "head")
		got, err := decode(journal(t, head, played.slices(), end))
		if err != nil {
			t.Fatalf("Decode: %v", err)
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("replayed journal (-want +got):\n%s", d)
		}
	})
}

// A run that is read back can be compared with runs of an edited file, as its
// document can: it knows what was sent under each name, and earlier names.
func TestJournalKeepsWhatWasSent(t *testing.T) {
	head := empty(whole)
	head.Endpoints[1].Request, head.Endpoints[1].Was = "5d41402abc4b2a76", "GET /things"
	head.Transactions = []result.Endpoint{{Name: "buy", Request: "7d793037a0760186", Was: "purchase"}}
	got, err := decode(journal(t, head, small().slices(), result.Complete))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []result.Endpoint{head.Endpoints[1], head.Transactions[0]} {
		e := []result.Endpoint{got.Endpoints[1], got.Transactions[0]}[i]
		if e.Name != want.Name || e.Request != want.Request || e.Was != want.Was {
			t.Errorf("read back %s (%s, was %s), want %s (%s, was %s)",
				e.Name, e.Request, e.Was, want.Name, want.Request, want.Was)
		}
	}
}

// A journal of a load in stages tells them, and what came of each second.
func TestJournalOfStages(t *testing.T) {
	played := small()
	played.arrivals = []arrivals{{10, 0}, {20, 5}, {20, 20}}
	planned := result.Planned{
		Rate: 20, MaxUsers: 3, Duration: 10 * time.Second,
		Stages: []result.Stage{{Rate: 10, Until: time.Second}, {Rate: 20, From: time.Second, Until: 10 * time.Second}},
	}
	head, want := empty(whole), played.record(t, whole)
	head.Planned, want.Planned = planned, planned
	want.Finish(result.Interrupted)
	got, err := decode(journal(t, head, played.slices(), result.Interrupted))
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, got); d != "" {
		t.Errorf("replayed journal (-want +got):\n%s", d)
	}
	if m := got.Timeline[1]; m.Offered != 20 || m.Dropped != 5 {
		t.Errorf("second 1: %d arrivals, %d dropped, want 20, 5", m.Offered, m.Dropped)
	}
}

func TestJournalOfALongRun(t *testing.T) {
	var seconds []*result.Slice
	want := empty(whole)
	for second := range 2*result.MaxSlots + 5 {
		s := &result.Slice{
			Moment:    result.Moment{Slot: second, Users: 1},
			Endpoints: []result.EndpointSlice{{Index: 1, Slot: failed(second, int64(second%3))}},
		}
		seconds = append(seconds, s)
		if err := want.Append(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := want.Finish(result.Interrupted); err != nil {
		t.Fatal(err)
	}
	got, err := decode(journal(t, want, seconds, result.Interrupted))
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, got); d != "" {
		t.Errorf("replayed journal (-want +got):\n%s", d)
	}
	if got.Slot != 4*time.Second {
		t.Errorf("Slot = %v, want 4s", got.Slot)
	}
}

// A journal that ends anywhere is the run up to its last whole line, cut
// short; without its first line it is nothing.
func TestJournalCutAnywhere(t *testing.T) {
	seconds := small().slices()
	text := journal(t, empty(whole), seconds, result.Complete)
	for cut := range len(text) {
		got, err := decode(text[:cut])
		lines := strings.Count(text[:cut], "\n")
		if cut > 0 && text[cut] == '\n' {
			lines++ // all but the line break
		}
		switch {
		case cut == 0:
			if err == nil || err.Error() != "read result run.json: the file is empty" {
				t.Fatalf("Decode of nothing = %v", err)
			}
			continue
		case lines == 0:
			if err == nil || !strings.HasPrefix(err.Error(),
				"read result run.json: its first line is damaged, nothing can be judged: ") {
				t.Fatalf("Decode of %q = %v, want a damaged first line", text[:cut], err)
			}
			continue
		case err != nil:
			t.Fatalf("Decode of %d bytes: %v", cut, err)
		}
		want := empty(whole)
		for _, s := range seconds[:min(lines-1, len(seconds))] {
			if err := want.Append(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := want.Finish(result.Cut); err != nil {
			t.Fatal(err)
		}
		if lines == len(seconds)+2 {
			if err := want.Finish(result.Complete); err != nil {
				t.Fatal(err)
			}
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("Decode of %d bytes (-want +got):\n%s", cut, d)
		}
	}
}

// A line that is torn in the middle costs its second and no other; the run
// then does not count as complete, whatever its last line says.
// A line that was taken away leaves a run that was cut, since the last line counts the others.
func TestJournalWithoutALine(t *testing.T) {
	lines := strings.SplitAfter(journal(t, empty(whole), small().slices(), result.Complete), "\n")
	for i := 1; i < len(lines)-2; i++ {
		r, err := decode(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
		if err != nil || r.End != result.Cut {
			t.Errorf("without line %d: %v, %v", i+1, r, err)
		}
	}
}

func TestJournalTornInTheMiddle(t *testing.T) {
	seconds := small().slices()
	lines := strings.SplitAfter(journal(t, empty(whole), seconds, result.Complete), "\n")
	for _, row := range []struct {
		name string
		torn string
	}{
		{"half a line", lines[2][:len(lines[2])/2] + "\n"},
		{"half a line with the next one behind it, and then again the next one", lines[2][:40] + lines[3]},
		{"zeros of a disk that lost power", strings.Repeat("\x00", 100) + "\n"},
		{"a line that says nothing", "{}\n"},
		{"another head", lines[0]},
		{"no object", "null\n"},
		{"another type", "[]\n"},
		{"an unknown end", `{"end":"happy"}` + "\n"},
	} {
		got, err := decode(lines[0] + lines[1] + row.torn + lines[3] + lines[4])
		if err != nil {
			t.Errorf("%s: Decode: %v", row.name, err)
			continue
		}
		want := empty(whole)
		for _, s := range []*result.Slice{seconds[0], seconds[2]} {
			if err := want.Append(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := want.Finish(result.Cut); err != nil {
			t.Fatal(err)
		}
		if d := diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
	}
	blank, err := decode(lines[0] + "\n  \n" + strings.Join(lines[1:], ""))
	if err != nil || blank.End != result.Complete {
		t.Errorf("blank lines: End = %v, %v, want complete", blank, err)
	}
}

func TestJournalRefuses(t *testing.T) {
	good := strings.SplitAfter(journal(t, empty(whole), small().slices(), result.Complete), "\n")
	for _, row := range []struct {
		name, text, want string
	}{
		{"a newer journal", replaced(t, good[0], "loadgate.journal/1", "loadgate.journal/2"),
			`schema "loadgate.journal/2" is newer than this loadgate, which reads "loadgate.journal/1"; update ` +
				`loadgate`},
		{"a newer journal that this one cannot read", `{"journal":"loadgate.journal/2","result":[]}`,
			`schema "loadgate.journal/2" is newer than this loadgate, which reads "loadgate.journal/1"; update ` +
				`loadgate`},
		{"a newer result that this one cannot read",
			`{"journal":"loadgate.journal/1","result":{"schema":"loadgate.result/2","end":[]}}`,
			`schema "loadgate.result/2" is newer than this loadgate, which reads "loadgate.result/1"; update loadgate`},
		{"another journal", replaced(t, good[0], "loadgate.journal/1", "diary"),
			`not a loadgate result: schema "diary", want "loadgate.journal/1"`},
		{"a newer result in it", replaced(t, good[0], "loadgate.result/1", "loadgate.result/9"),
			`schema "loadgate.result/9" is newer than this loadgate, which reads "loadgate.result/1"; update loadgate`},
		{"no run", `{"journal":"loadgate.journal/1"}`, "the first line of the journal holds no run"},
		{"a head that cannot be", replaced(t, good[0], `"shards":[{"k":1,"n":1}]`, `"shards":[]`),
			"shards: empty; a whole run is shard 1 of 1"},
		{"a second twice", good[0] + good[1] + good[1], "slice of second 0: the run is at 1s already"},
		{"an unknown endpoint", good[0] + replaced(t, good[1], `"index":1`, `"index":7`),
			"slice of second 0: no endpoint 7"},
		{"a negative plan", good[0] + `{"planned_duration_ns":-1}`, "planned_duration_ns: -1 cannot be"},
	} {
		got, err := decode(row.text)
		if want := "read result run.json: " + row.want; err == nil || err.Error() != want {
			t.Errorf("%s: Decode = %v, %v, want %s", row.name, got, err, want)
		}
	}
}

func TestJournalOfAChangedPlan(t *testing.T) {
	var b strings.Builder
	j := result.NewJournal(&b, empty(whole))
	seconds := small().slices()
	j.Slice(seconds[0])
	j.Planned(20 * time.Second)
	j.Slice(seconds[1])
	if err := j.End(result.Complete); err != nil {
		t.Fatal(err)
	}
	got, err := decode(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if got.Planned.Duration != 20*time.Second || got.End != result.Complete || got.Elapsed != 2*time.Second {
		t.Errorf("Planned.Duration, End, Elapsed = %v, %v, %v, want 20s, complete, 2s",
			got.Planned.Duration, got.End, got.Elapsed)
	}
	want := empty(whole).Planned
	want.Duration = 20 * time.Second
	if d := gocmp.Diff(want, got.Planned); d != "" {
		t.Errorf("Planned (-want +got):\n%s", d)
	}
}

// fullDisk takes some writes and refuses all later ones.
type fullDisk struct {
	room, tried int
	err         error
}

func (d *fullDisk) Write(p []byte) (int, error) {
	d.tried++
	if d.tried > d.room {
		return 0, d.err
	}
	return len(p), nil
}

func TestJournalOnAFullDisk(t *testing.T) {
	for room := range 5 {
		disk := &fullDisk{room: room, err: errors.New("no space left on device")}
		j := result.NewJournal(disk, empty(whole))
		for _, s := range small().slices() {
			j.Slice(s)
		}
		if err := j.End(result.Complete); !errors.Is(err, disk.err) {
			t.Errorf("room for %d lines: End = %v, want %v", room, err, disk.err)
		}
		if disk.tried != room+1 {
			t.Errorf("room for %d lines: %d writes, want none after the first that failed", room, disk.tried)
		}
	}
}

// Each line is one write, so that a kill leaves whole lines.
func TestJournalWritesLines(t *testing.T) {
	var writes writes
	j := result.NewJournal(&writes, empty(whole))
	for _, s := range small().slices() {
		j.Slice(s)
	}
	if err := j.End(result.Complete); err != nil {
		t.Fatal(err)
	}
	if len(writes) != 5 ||
		slices.ContainsFunc(writes, func(w string) bool { return strings.Index(w, "\n") != len(w)-1 }) {
		t.Errorf("writes = %q, want 5 of one line each", writes)
	}
}

type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}
