package worker

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
)

// journal keeps the lines of a round and sends them. A line that cannot be sent now is asked for again.
type journal struct {
	conn  *link.Conn
	seat  fleet.Welcome
	round int
	store Store
	late  time.Duration // after each write, so that the workers do not send in the same instant

	mu      sync.Mutex
	ends    []int64 // where each line ends in the store
	sent    int     // lines up to here were sent
	changed *sync.Cond
	closed  bool
	hurried bool
	sending sync.WaitGroup
	err     error // of the store; the lines after it are lost, and so is this worker's part
}

// spread is the part of a second over which the workers of a fleet send.
const spread = 800 * time.Millisecond

func newJournal(conn *link.Conn, seat fleet.Welcome, round int, store Store) *journal {
	j := &journal{
		conn: conn, seat: seat, round: round, store: store,
		late: spread * time.Duration(seat.K-1) / time.Duration(seat.N),
	}
	j.changed = sync.NewCond(&j.mu)
	j.sending.Go(j.send)
	return j
}

// Write takes one line.
func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return 0, j.err
	}
	n, err := j.store.Write(line)
	if j.err = err; err != nil {
		return n, err
	}
	j.ends = append(j.ends, j.end(len(j.ends))+int64(n))
	j.changed.Signal()
	return n, nil
}

// end is where a line ends, from 1; 0 for line 0.
func (j *journal) end(line int) int64 {
	if line == 0 {
		return 0
	}
	return j.ends[line-1]
}

// lines is how many there are.
func (j *journal) lines() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.ends)
}

// resend sends all lines from one on again.
func (j *journal) resend(from int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sent = min(j.sent, from-1)
	j.changed.Signal()
}

// send sends line after line until close.
func (j *journal) send() {
	for {
		j.mu.Lock()
		for j.sent >= len(j.ends) && !j.closed {
			j.changed.Wait()
		}
		if j.closed {
			j.mu.Unlock()
			return
		}
		newest := j.sent == len(j.ends)-1 && !j.hurried
		j.mu.Unlock()
		if newest {
			time.Sleep(j.late)
		}
		j.sendNext()
	}
}

// sendNext sends the first line that was not sent.
func (j *journal) sendNext() {
	j.mu.Lock()
	j.sent++
	number := j.sent
	text := make([]byte, j.end(number)-j.end(number-1))
	_, err := j.store.ReadAt(text, j.end(number-1))
	j.mu.Unlock()
	if err != nil {
		return
	}
	line := fleet.Line{K: j.seat.K, Seat: j.seat.Seat, Round: j.round, Number: number, Text: text}
	message, err := fleet.EncodeLine(line)
	if err == nil {
		err = j.conn.PublishBytes(fleet.JournalSubject(j.seat.Run, j.seat.K), message)
	}
	if errors.Is(err, link.ErrTooLarge) { // sending it again would not help
		j.mu.Lock()
		defer j.mu.Unlock()
		j.err = cmp.Or(j.err, fmt.Errorf("send line %d of the journal: %w", number, err))
	}
}

// failed is why lines are missing from the journal; nil: none are.
func (j *journal) failed() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// hurry sends what comes from now on at once.
func (j *journal) hurry() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.hurried = true
}

// stop ends sending. The store stays open.
func (j *journal) stop() {
	j.mu.Lock()
	j.closed = true
	j.changed.Signal()
	j.mu.Unlock()
	j.sending.Wait()
}
