package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/safetext"
)

// Join is a worker's first message.
type Join struct {
	Name     string `json:"name"`    // of the machine, for people
	Version  string `json:"version"` // loadgate and its version
	Protocol int    `json:"protocol"`
	Cores    int    `json:"cores"`
	Memory   int64  `json:"memory"`          // bytes; 0: not known
	Index    *int   `json:"index,omitempty"` // the part it would like, from 0: a run repeats on the same machines
	Key      string `json:"key"`             // its public key, to which secrets are sealed
	Proof    []byte `json:"proof,omitempty"` // Secret.Proof of Key, on a server that others use too
}

// Welcome answers a Join: with a part of the run, or with the reason why there is none.
type Welcome struct {
	Refused string `json:"refused,omitempty"` // why; empty: it is welcome, and all below is set
	Final   bool   `json:"final,omitempty"`   // asking again would not help
	Run     string `json:"run,omitempty"`
	Name    string `json:"name,omitempty"` // of the worker: its own, and a number where another one has that
	Seat    int    `json:"seat,omitempty"` // who has the part: a later worker that gets it has another one
	K       int    `json:"k,omitempty"`    // as in result.Shard
	N       int    `json:"n,omitempty"`
	File    string `json:"file,omitempty"`   // name of thresholds.yaml among the files
	Size    int    `json:"size,omitempty"`   // of the bundle, in bytes
	Key     string `json:"key,omitempty"`    // the coordinator's public key, by which it seals
	Sealed  []byte `json:"sealed,omitempty"` // the environment of the load as JSON, for the key of the Join
}

// Ask asks for something of the run, as the worker of shard k.
type Ask struct {
	K    int `json:"k"`
	Seat int `json:"seat"`
	From int `json:"from,omitempty"` // of the bundle, in bytes
}

// Piece is a part of the bundle, of at most PieceSize bytes, sealed to the worker's key.
type Piece struct {
	Refused string `json:"refused,omitempty"` // why; empty: all below is set
	Sealed  []byte `json:"sealed,omitempty"`
}

// PieceSize is how many bytes of the bundle a Piece holds at most, far below what a message of NATS may have.
const PieceSize = 256 << 10

// Round is one run of the fleet, which may make several: to confirm, or at several levels of load.
type Round struct {
	Refused string          `json:"refused,omitempty"` // why; empty: all below is set
	Number  int             `json:"number,omitempty"`  // from 1
	Host    string          `json:"host,omitempty"`    // instead of that of the file
	Options json.RawMessage `json:"options,omitempty"` // of the plan
	Digest  string          `json:"digest,omitempty"`  // that the worker's own plan must have
	Setup   []byte          `json:"setup,omitempty"`   // what setup captured, as JSON, sealed to the worker's key
}

// Time is the hub's monotonic clock.
type Time struct {
	Hub time.Duration `json:"hub_ns"`
}

// Status is what a worker says of itself every second: that it is alive, and whether it can begin a round.
type Status struct {
	K         int           `json:"k"`
	Seat      int           `json:"seat"`
	Round     int           `json:"round"` // that it can begin, or has begun; 0: none yet
	Digest    string        `json:"digest,omitempty"`
	RoundTrip time.Duration `json:"round_trip_ns"`
	Error     string        `json:"error,omitempty"` // why it cannot begin; empty: it can
	Left      bool          `json:"left,omitempty"`  // it goes, for the reason Error, and says nothing more
}

// Resend asks a worker for the journal of a round again, from a line on.
type Resend struct {
	Round int `json:"round"`
	From  int `json:"from"` // lines count from 1
}

// State is how far a run is. The zero value is before the start: no load is sent.
type State uint8

// The states of a run, in their order.
const (
	Waiting   State = iota // for workers, and until all are ready
	Armed                  // Lease.StartAt is set
	Stopping               // Lease.StopAt is set: all end at that slot
	Done                   // all lines are there, or will not come: the next round may follow
	Abandoned              // no load is sent, or it ends at once
	Over                   // no round follows; workers end
)

var stateNames = [...]string{"waiting", "armed", "stopping", "done", "abandoned", "over"}

// String is the state as messages have it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText implements encoding.TextMarshaler.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("state %.20q is not one of %s", text, strings.Join(stateNames[:], ", "))
}

// Lease is the whole state of a run. The coordinator publishes it every second, so that a lost message is
// made good by the next one. A worker that hears none for the length of its lease ends its load.
type Lease struct {
	Round   int           `json:"round"` // from 1; 0: before the first
	State   State         `json:"state"`
	StartAt time.Duration `json:"start_at_ns,omitempty"`  // by the hub's clock
	Started time.Time     `json:"started,omitzero"`       // StartAt as a date
	StopAt  int           `json:"stop_at_slot,omitempty"` // the first slot without load; 0: none is decreed
	Reason  string        `json:"reason,omitempty"`       // of a stop, for people
	Taken   Taken         `json:"taken,omitempty"`
	Seats   map[int]int   `json:"seats,omitempty"` // by shard: its seat, where another worker had the shard before
}

// What a message may say at most of times, and in a text for people, in bytes.
const (
	longestRun  = 1000 * time.Hour
	longestTrip = 10 * time.Second // an answer that takes longer is not waited for
	longestText = 2000
	longestName = 210 // of a worker, with its number
)

var (
	runName = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)
	errTime = errors.New("a time that cannot be")
)

// OneLine is a text for people as a message may have it: in one printable line, and not too long.
func OneLine(text string) string {
	return safetext.Brief(safetext.Line(text), longestText-len(safetext.Cut))
}

// label refuses a text of another machine that cannot be printed as it is.
func label(what, text string, most int) error {
	if len(text) > most || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%s: longer than %d bytes, or not printable", what, most)
	}
	return nil
}

// Check says what is wrong with a message: it comes from another machine, and nothing of it is believed.
func (j Join) Check() error {
	switch {
	case j.Protocol != Protocol:
		return fmt.Errorf("protocol %d, and this loadgate speaks %d: use one version everywhere", j.Protocol, Protocol)
	case j.Name == "" || j.Version == "" || j.Key == "":
		return errors.New("name, version or key is missing")
	case len(j.Proof) > 64:
		return errors.New("proof: too long")
	case j.Cores < 0 || j.Cores > 1<<16 || j.Memory < 0:
		return errors.New("a machine that cannot be")
	case j.Index != nil && (*j.Index < 0 || *j.Index >= result.MostShards):
		return fmt.Errorf("index %d is not from 0 to %d", *j.Index, result.MostShards-1)
	}
	return errors.Join(label("name", j.Name, 200), label("version", j.Version, 200), label("key", j.Key, 200))
}

// Check says what is wrong with a message.
func (w Welcome) Check() error {
	switch {
	case w.Refused != "":
		return label("refused", w.Refused, longestText)
	case !runName.MatchString(w.Run):
		return errors.New("run: not letters and digits")
	case w.N < 1 || w.N > result.MostShards || w.K < 1 || w.K > w.N:
		return fmt.Errorf("part %d of %d cannot be", w.K, w.N)
	case w.Size < 1 || w.Size > largestPacked:
		return fmt.Errorf("a bundle of %d bytes cannot be", w.Size)
	}
	return errors.Join(checkName(w.File), label("name", w.Name, longestName), label("key", w.Key, 200))
}

// Check says what is wrong with a message of a run with n parts.
func (a Ask) Check(n int) error {
	if a.K < 1 || a.K > n || a.From < 0 {
		return fmt.Errorf("byte %d for part %d of %d cannot be", a.From, a.K, n)
	}
	return nil
}

// Check says what is wrong with a message.
func (p Piece) Check() error { return label("refused", p.Refused, longestText) }

// Check says what is wrong with a message.
func (r Round) Check() error {
	switch {
	case r.Refused != "":
		return label("refused", r.Refused, longestText)
	case r.Number < 1 || r.Digest == "" || len(r.Options) == 0:
		return errors.New("number, digest or options are missing")
	}
	return errors.Join(label("digest", r.Digest, 200), label("host", r.Host, longestText))
}

// Check says what is wrong with a message of a run with n parts.
func (s Status) Check(n int) error {
	switch {
	case s.K < 1 || s.K > n:
		return fmt.Errorf("part %d of %d cannot be", s.K, n)
	case s.Round < 0:
		return fmt.Errorf("round %d cannot be", s.Round)
	case s.RoundTrip < 0 || s.RoundTrip > longestTrip:
		return errTime
	}
	return errors.Join(label("digest", s.Digest, 200), label("error", s.Error, longestText))
}

// Check says what is wrong with a message.
func (t Time) Check() error {
	if t.Hub < 0 {
		return errTime
	}
	return nil
}

// Check says what is wrong with a message.
func (r Resend) Check() error {
	if r.Round < 1 || r.From < 1 {
		return fmt.Errorf("line %d of round %d cannot be", r.From, r.Round)
	}
	return nil
}

// Check says what is wrong with a message.
func (l Lease) Check() error {
	switch {
	case l.State == Armed && l.StartAt <= 0:
		return errors.New("armed without a start")
	case l.State == Stopping && l.StopAt <= 0:
		return errors.New("stopping without a slot")
	case l.Round < 0 || l.StartAt < 0 || l.StopAt < 0:
		return errTime
	case l.StopAt > int(longestRun/result.SlotLength):
		return errTime
	}
	for k, seat := range l.Seats {
		if k < 1 || k > result.MostShards || seat < 0 {
			return fmt.Errorf("seat %d of part %d cannot be", seat, k)
		}
	}
	return errors.Join(l.Taken.check(), label("reason", l.Reason, longestText))
}
