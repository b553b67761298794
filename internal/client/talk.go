package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/loadgate/loadgate/internal/client/websocket"
	"github.com/loadgate/loadgate/internal/metric"
)

// Socket is one WebSocket of a user, from Session.Open until Close, which has to come before the user's next exchange.
// It is over, without a failure, when the context until ends or at the moment leave, which is never where it is zero.
// What fails is written into the exchange that began it, and nothing succeeds after it. Pings are answered while it
// reads. Not safe for concurrent use.
type Socket struct {
	session *Session
	conn    *conn
	x       *Exchange
	ctx     context.Context // of Open
	until   context.Context
	leave   time.Time
	timeout time.Duration

	reader   websocket.Reader
	in       []byte // what has come; used up to from
	from     int
	early    [][]byte // messages that came while nobody asked for one
	size     int64    // bytes of early
	out      []byte
	left     bool
	finished bool // by the server, or by a failure
	closing  bool // nothing is a failure any more
}

// socketRead is how many bytes a WebSocket reads at a time.
const socketRead = 4 << 10

// farewell is how long a user waits for the server's part of closing a WebSocket.
const farewell = time.Second

// Left says whether the WebSocket was over because of until or leave.
func (k *Socket) Left() bool { return k.left }

// Send sends a text within the timeout of Open. False: it failed, or the WebSocket is over.
func (k *Socket) Send(text []byte) bool { return k.write(websocket.Text, text) }

// Receive returns the data of the next message, of a text or not, valid until the next call. False: none came within
// that time, which is a failure of kind Timeout, or another failure, or the WebSocket is over.
func (k *Socket) Receive(within time.Duration) ([]byte, bool) {
	if len(k.early) > 0 {
		first := k.early[0]
		k.early[0] = nil
		k.early, k.size = k.early[1:], k.size-int64(len(first))
		return first, true
	}
	m, ok := k.next(limit{time.Now().Add(within), within})
	if !ok && !k.left && k.x.Failure == metric.OK {
		k.fail(fault{kind: metric.Timeout, detail: fmt.Sprintf("no message within %v", within)})
	}
	return m, ok
}

// Wait waits, and keeps what comes for Receive: up to the limit of one body, and what is beyond that on the way. False:
// the WebSocket failed, or is over.
func (k *Socket) Wait(d time.Duration) bool {
	end := time.Now().Add(d)
	for k.size < k.session.client.maxBody {
		m, ok := k.next(limit{end, d})
		if !ok {
			return !k.left && k.x.Failure == metric.OK
		}
		k.early, k.size = append(k.early, bytes.Clone(m)), k.size+int64(len(m))+1
	}
	rest := time.NewTimer(time.Until(end))
	defer rest.Stop()
	var leaving <-chan time.Time
	if !k.leave.IsZero() {
		leaves := time.NewTimer(time.Until(k.leave))
		defer leaves.Stop()
		leaving = leaves.C
	}
	select {
	case <-rest.C:
		return true
	case <-leaving:
	case <-k.until.Done():
	}
	k.left = true
	return false
}

// Close says goodbye, unless something failed, and closes the connection. The exchange is done then, with all the
// bytes of the WebSocket.
func (k *Socket) Close() {
	c, x := k.conn, k.x
	if !k.finished {
		k.closing, k.leave, k.until, k.early = true, time.Time{}, context.Background(), nil
		by := limit{time.Now().Add(min(farewell, k.timeout)), farewell}
		k.out = websocket.AppendClose(k.out[:0], mask(), websocket.Normal)
		if c.SetDeadline(by.at) == nil {
			if _, err := c.Write(k.out); err == nil {
				for ok := true; ok; {
					_, ok = k.read(by)
				}
			}
		}
	}
	k.session.watch.end()
	c.drop()
	x.Received, x.SentBytes, x.Done = c.received, c.sent, time.Now()
}

// next is the next message, or false at the limit or where the WebSocket is over or has failed.
func (k *Socket) next(by limit) ([]byte, bool) {
	if k.finished || k.left {
		return nil, false
	}
	m, ok := k.read(by)
	return m.Data, ok
}

// read reads up to the end of a message.
func (k *Socket) read(by limit) (m websocket.Message, ok bool) {
	for {
		for len(k.in) > k.from {
			n, m, whole, err := k.reader.Next(k.in[k.from:])
			if k.from += n; err != nil {
				return m, k.broken(err)
			}
			if whole && !k.take(m) {
				return m, false
			}
			if whole && (m.Opcode == websocket.Text || m.Opcode == websocket.Binary) {
				return m, true
			}
		}
		if !k.fill(by) {
			return m, false
		}
	}
}

// take answers a control frame; false: the server closed the WebSocket, or is not there any more.
func (k *Socket) take(m websocket.Message) bool {
	switch m.Opcode {
	case websocket.Ping:
		return k.write(websocket.Pong, m.Data)
	case websocket.Close:
		text := "the server closed the WebSocket"
		if m.Code != 0 {
			text += fmt.Sprintf(" with code %d", m.Code)
		}
		if len(m.Data) > 0 {
			text += ": " + quoted(m.Data, 100)
		}
		return k.fail(fault{kind: metric.Expectation, detail: text})
	}
	return true
}

// fill reads what has come; false at the limit, or where nothing more will.
func (k *Socket) fill(by limit) bool {
	at := by.at
	if !k.leave.IsZero() && k.leave.Before(at) {
		at = k.leave
	}
	if k.in == nil {
		k.in = make([]byte, 0, socketRead)
	}
	err := k.conn.SetDeadline(at)
	// The watch may have set its own deadline just before.
	if k.over() || err == nil && !time.Now().Before(at) {
		return false
	}
	n := 0
	if err == nil {
		n, err = k.conn.Read(k.in[:cap(k.in)])
		k.in, k.from = k.in[:n], 0
	}
	switch {
	case n > 0:
		return true
	case k.over(), isTimeout(err):
		return false
	case err == nil:
		err = io.ErrNoProgress
	case errors.Is(err, io.EOF):
		return k.fail(fault{kind: metric.Reset, detail: "the server closed the connection of the WebSocket"})
	}
	return k.fail(wireFault(k.ctx, by, k.conn.received, err))
}

// over notes whether the WebSocket is over because of a context, or because the user has to leave.
func (k *Socket) over() bool {
	switch {
	case k.until.Err() != nil, !k.leave.IsZero() && !time.Now().Before(k.leave):
		k.left = true
	case k.ctx.Err() != nil:
		k.fail(fault{kind: metric.Timeout, detail: Stopped})
	}
	return k.left || k.finished
}

// write sends one frame.
func (k *Socket) write(op websocket.Opcode, payload []byte) bool {
	if k.finished || k.left {
		return false
	}
	within := limit{time.Now().Add(k.timeout), k.timeout}
	err := k.conn.SetDeadline(within.at)
	if k.over() {
		return false
	}
	if err == nil {
		k.out = websocket.AppendFrame(k.out[:0], op, mask(), payload)
		_, err = k.conn.Write(k.out)
	}
	switch {
	case err == nil:
		return true
	case k.over():
		return false
	case isTimeout(err):
		return k.fail(fault{kind: metric.Timeout, detail: fmt.Sprintf("a message not sent within %v", k.timeout)})
	}
	return k.fail(wireFault(k.ctx, within, k.conn.received, err))
}

// broken is the failure of a server that breaks the rules, or sends more than is taken.
func (k *Socket) broken(err error) bool {
	if errors.Is(err, websocket.ErrLarge) {
		return k.fail(fault{kind: metric.TooLarge,
			detail: "a message is larger than " + sizeText(k.session.client.maxBody)})
	}
	return k.fail(fault{kind: metric.Body, detail: "the server breaks the rules of WebSockets: " + err.Error()})
}

// fail notes the first failure. It returns false, for those who do.
func (k *Socket) fail(f fault) bool {
	if !k.finished && !k.closing {
		k.x.Failure, k.x.Cause, k.x.Detail = f.kind, f.cause, f.detail
	}
	k.finished = true
	return false
}

// mask is what frames of clients are mixed with, so that no proxy takes them for something else.
func mask() (m [4]byte) {
	n := rand.Uint32()
	for i := range m {
		m[i] = byte(n >> (8 * i))
	}
	return m
}
