package client

import (
	"sync"
	"time"
)

// sending is a request with a long body on its way while the answer is read
// already: a server that wants none of it says so at once, and a proxy may take
// minutes to read what it will not use.
type sending struct {
	running sync.WaitGroup
	ended   chan struct{}
	written time.Time // when the last byte was sent; read after ended
	err     error     // read after ended
}

// send writes head and body concurrently with the caller, who reads.
func (c *conn) send(head, body []byte) *sending {
	s := &sending{ended: make(chan struct{})}
	s.running.Go(func() {
		defer close(s.ended)
		if _, s.err = c.Write(head); s.err == nil {
			_, s.err = c.Write(body)
		}
		s.written = time.Now()
	})
	return s
}

// end is when the last byte was sent: now, if bytes are left.
func (s *sending) end() time.Time {
	select {
	case <-s.ended:
		return s.written
	default:
		return time.Now()
	}
}

// remainder is how long an exchange waits for the rest of its body after the answer:
// the sender of a whole body reports it a moment later.
const remainder = 10 * time.Millisecond

// finish ends the sending that an answer, or its failure, has left behind.
// Afterwards nothing reads the caller's body. What is not sent by then stays
// unsent, and the connection is of no use any more.
func (c *conn) finish(a *asked, answered bool) {
	s := a.sending
	if s == nil {
		return
	}
	a.sending = nil
	if answered {
		patience := time.NewTimer(remainder)
		defer patience.Stop()
		select {
		case <-s.ended:
		case <-patience.C:
		}
	}
	select {
	case <-s.ended:
		a.WriteErr = s.err
	default:
		_ = c.socket.SetWriteDeadline(time.Unix(1, 0)) // a connection that is closed sends no more either
		s.running.Wait()
		a.unsent = true
	}
	s.running.Wait()
}
