package fleet_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/fleet"
)

func TestMessages(t *testing.T) {
	index := func(i int) *int { return &i }
	join := func(change func(*fleet.Join)) error {
		j := fleet.Join{Name: "runner-1", Version: "loadgate 0.1.0", Protocol: fleet.Protocol, Cores: 2, Key: "X"}
		change(&j)
		return j.Check()
	}
	welcome := func(change func(*fleet.Welcome)) error {
		w := fleet.Welcome{Run: "r1", K: 1, N: 2, File: "thresholds.yaml", Size: 1}
		change(&w)
		return w.Check()
	}
	for _, tt := range []struct {
		name, want string
		err        error
	}{
		{"a join", "", join(func(*fleet.Join) {})},
		{"an index", "", join(func(j *fleet.Join) { j.Index = index(3) })},
		{"another protocol", "use one version everywhere", join(func(j *fleet.Join) { j.Protocol = 2 })},
		{"no name", "missing", join(func(j *fleet.Join) { j.Name = "" })},
		{"a name with an escape", "not printable", join(func(j *fleet.Join) { j.Name = "a\x1b[31m" })},
		{"a long name", "200 bytes", join(func(j *fleet.Join) { j.Name = strings.Repeat("a", 201) })},
		{"a negative index", "index -1", join(func(j *fleet.Join) { j.Index = index(-1) })},
		{"fewer cores than none", "cannot be", join(func(j *fleet.Join) { j.Cores = -1 })},
		{"a welcome", "", welcome(func(*fleet.Welcome) {})},
		{"a refusal", "", fleet.Welcome{Refused: "full"}.Check()},
		{"a refusal with an escape", "not printable", fleet.Welcome{Refused: "full\x1b[2J"}.Check()},
		{"an error of two lines", "not printable", fleet.Status{K: 1, Error: "a\nb"}.Check(2)},
		{"a long reason", "2000 bytes", fleet.Lease{Reason: strings.Repeat("a", 2001)}.Check()},
		{"a time", "", fleet.Time{}.Check()},
		{"a time before all time", "time", fleet.Time{Hub: -1}.Check()},
		{"all lines again", "", fleet.Resend{Round: 1, From: 1}.Check()},
		{"line 0 again", "line 0", fleet.Resend{Round: 1}.Check()},
		{"lines of no round", "round 0", fleet.Resend{From: 1}.Check()},
		{"a round", "", fleet.Round{Number: 1, Digest: "d", Options: []byte("{}")}.Check()},
		{"a round without a digest", "digest", fleet.Round{Number: 1, Options: []byte("{}")}.Check()},
		{"no round", "", fleet.Round{Refused: "wait"}.Check()},
		{"a piece", "", fleet.Piece{Sealed: []byte{1}}.Check()},
		{"a question", "", fleet.Ask{K: 2, From: 5}.Check(2)},
		{"a question for another", "part 3 of 2", fleet.Ask{K: 3}.Check(2)},
		{"a negative byte", "byte -1", fleet.Ask{K: 1, From: -1}.Check(2)},
		{"a run that is a subject", "run", welcome(func(w *fleet.Welcome) { w.Run = "r.>" })},
		{"part 3 of 2", "part 3 of 2", welcome(func(w *fleet.Welcome) { w.K = 3 })},
		{"a file outside", "folder", welcome(func(w *fleet.Welcome) { w.File = "../thresholds.yaml" })},
		{"no bundle", "bundle of 0 bytes", welcome(func(w *fleet.Welcome) { w.Size = 0 })},
		{"a huge bundle", "cannot be", welcome(func(w *fleet.Welcome) { w.Size = 1 << 40 })},
		{"ready", "", fleet.Status{K: 2, Round: 1, Digest: "d"}.Check(2)},
		{"ready for another", "part 3 of 2", fleet.Status{K: 3}.Check(2)},
		{"a round before all", "round -1", fleet.Status{K: 1, Round: -1}.Check(2)},
		{"back before it went", "time", fleet.Status{K: 1, RoundTrip: -1}.Check(2)},
		{"a lease", "", fleet.Lease{State: fleet.Armed, StartAt: 1, Taken: fleet.Taken{{1, 5}}}.Check()},
		{"armed for never", "without a start", fleet.Lease{State: fleet.Armed}.Check()},
		{"stopping nowhere", "without a slot", fleet.Lease{State: fleet.Stopping}.Check()},
		{"a stop after years", "time", fleet.Lease{StopAt: 1 << 40}.Check()},
		{"part 0", "part 0", fleet.Lease{Seats: map[int]int{0: 1}}.Check()},
		{"the line of no part", "0 parts", fleet.Lease{Taken: fleet.Taken{{0, 1}}}.Check()},
		{"a line before all", "line -1", fleet.Lease{Taken: fleet.Taken{{1, -1}}}.Check()},
		{"lines of too many parts", "after 9999", fleet.Lease{Taken: fleet.Taken{{9999, 1}, {1 << 62, 2}}}.Check()},
	} {
		if (tt.err == nil) != (tt.want == "") || tt.err != nil && !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, tt.err, tt.want)
		}
	}
}

// What one side writes the other reads, and the zero state sends no load.
func TestLeaseJSON(t *testing.T) {
	if (fleet.Lease{}).State != fleet.Waiting {
		t.Error("an empty lease starts something")
	}
	for state := fleet.Waiting; state <= fleet.Over; state++ {
		want := fleet.Lease{State: state, StartAt: 5, StopAt: 7, Reason: "r", Taken: fleet.Taken{{1, 2}, {7, 3}}}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got fleet.Lease
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
	var l fleet.Lease
	if err := json.Unmarshal([]byte(`{"state": "running"}`), &l); err == nil {
		t.Errorf("a state that is none: %+v", l)
	}
}

// No message that passes its check can break what follows.
func FuzzMessages(f *testing.F) {
	f.Add([]byte(`{"run":"r","k":1,"n":2,"file":"t.yaml","size":9,` +
		`"state":"armed","start_at_ns":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var w fleet.Welcome
		if json.Unmarshal(text, &w) == nil && w.Check() == nil && w.Refused == "" &&
			strings.ContainsAny(fleet.JournalSubject(w.Run, w.K), " *>\r\n") {
			t.Errorf("a subject that is more than one: %q", w.Run)
		}
		var l, again fleet.Lease
		if json.Unmarshal(text, &l) != nil || l.Check() != nil {
			return
		}
		written, err := json.Marshal(l)
		if err == nil {
			err = json.Unmarshal(written, &again)
		}
		if err != nil || again.Check() != nil || again.State != l.State || again.StartAt != l.StartAt {
			t.Errorf("%+v is written as %s, and read as %+v, %v", l, written, again, err)
		}
	})
}
