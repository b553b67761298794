package coordinator

import (
	"errors"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/result"
)

// round is one run of all workers. The zero value is that before the first.
type round struct {
	fleet.Round
	setup    []byte // what setup captured, as JSON; nil: there was none
	begun    bool   // the start is set
	intake   *fleet.Intake
	running  *result.Running
	journals []io.WriteCloser // by K - 1; nil: none is kept
	broken   []error          // by K - 1: why nothing more of a worker is read
	saved    []int            // by K - 1: how many lines a journal that is kept has
	unsaved  error            // the first error of a journal
	seen     time.Duration    // the farthest that any worker has come
}

// took notes how far worker k has come with the line that was just taken into the sum.
func (r *round) took(k int) {
	r.seen = max(r.seen, r.running.Elapsed(k))
	if _, ended := r.running.Ended(k); ended {
		_ = r.intake.End(k) // it has a line
	}
}

// save keeps a line on the disk. A full disk ends no run: the sum is in memory.
func (r *round) save(k int, text []byte) {
	if r.journals[k-1] == nil || r.unsaved != nil {
		return
	}
	if _, r.unsaved = r.journals[k-1].Write(text); r.unsaved == nil {
		r.saved[k-1]++
	}
}

// taken is by worker the last line that it need not keep for this run.
func (r *round) taken() fleet.Taken {
	var taken fleet.Taken
	for i, j := range r.journals {
		line := r.intake.Taken(i + 1)
		if line > 0 && j != nil {
			line = r.saved[i]
		}
		taken = taken.And(line)
	}
	return taken
}

// close closes the journals, and returns the first error that there was.
func (r *round) close() error {
	err := r.unsaved
	for i, j := range r.journals {
		if j == nil {
			continue
		}
		if failed := j.Close(); failed != nil {
			err = errors.Join(err, failed)
			r.saved[i] = 0
		}
	}
	return err
}

// State is what a coordinator needs, beside the journals, to go on with a round that another one has begun and
// cannot end any more.
type State struct {
	Run     string        `json:"run"`
	Began   time.Time     `json:"began"` // when the hub's clock was 0
	Round   fleet.Round   `json:"round"`
	StartAt time.Duration `json:"start_at_ns"` // by the hub's clock
	Started time.Time     `json:"started"`     // StartAt as a date
	Members []Member      `json:"members"`     // by K - 1
}

// Member is a worker that has a part of the run.
type Member struct {
	Name string `json:"name"`
	Seat int    `json:"seat"`
	// Again: somebody else had the part before.
	Again bool       `json:"again,omitempty"`
	Join  fleet.Join `json:"join"`
}
