package recorder

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/client/coding"
)

// passing is an exchange that passes. The body of its request may still be sent while the answer comes.
type passing struct {
	tape *tape
	host string
	once sync.Once // it ends once

	mu       sync.Mutex
	exchange Exchange
	body     copied
	answer   copied
	taken    int64
	lost     bool // there was no memory for it
}

// begin begins an exchange that goes to an address.
func (t *tape) begin(q *http.Request, user string, connection int64, address, host string) *passing {
	p := &passing{tape: t, host: host, body: copied{most: t.limits.Body}, answer: copied{most: t.limits.Answer},
		exchange: Exchange{User: user, Connection: connection, Begun: time.Now(), Method: q.Method, URL: address,
			Header: q.Header.Clone()}}
	p.take(perExchange + int64(len(address)) + sizeOf(q.Header))
	return p
}

// take takes memory for the exchange. Without any it is lost, with what it has.
func (p *passing) take(n int64) bool {
	if p.lost || !p.tape.take(n) {
		p.lost = true
		p.body, p.answer = copied{}, copied{}
		return false
	}
	p.taken += n
	return true
}

// copied is what was kept of a body.
type copied struct {
	bytes []byte
	most  int64
	cut   bool // it is larger than may be kept, and nothing of it is
}

// add keeps more of a body.
func (p *passing) add(c *copied, more []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := int64(len(more))
	switch {
	case c.cut || n == 0:
	case int64(len(c.bytes))+n > c.most:
		p.tape.take(-int64(len(c.bytes)))
		p.taken -= int64(len(c.bytes))
		c.bytes, c.cut = nil, true
	case p.take(n):
		c.bytes = append(c.bytes, more...)
	}
}

// begins keeps the head of the answer. What is no text is not kept: nothing can be read from it.
func (p *passing) begins(a *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exchange.Status, p.exchange.AnswerHeader = a.StatusCode, a.Header.Clone()
	p.take(sizeOf(a.Header))
	if !readable(a.Header.Get("Content-Type")) {
		p.answer.cut = true
	}
}

// readable says whether answers of a type may have what a later request shows.
func readable(kind string) bool {
	kind, _, err := mime.ParseMediaType(kind)
	return err != nil || kind == "text/plain" || strings.Contains(kind, "json")
}

// ends keeps the exchange; whole: all of its answer has passed.
func (p *passing) ends(whole bool) {
	p.once.Do(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		x := p.exchange
		x.Took = time.Since(x.Begun)
		if !whole {
			x.Status = 0
		}
		x.Body, x.LacksBody = p.body.bytes, p.body.cut
		x.Answer = p.unpacked()
		if p.lost {
			p.tape.take(-p.taken)
			p.tape.lose()
		} else {
			p.tape.keep(x)
		}
		p.lost = true // what still passes is not kept
	})
}

// unpacked is the answer as text, in the bounds of memory.
func (p *passing) unpacked() []byte {
	plain, packed := p.answer.bytes, int64(len(p.answer.bytes))
	if how := strings.Join(p.exchange.AnswerHeader.Values("Content-Encoding"), ","); how != "" && packed > 0 {
		var err error
		if plain, err = coding.Undo(how, plain, p.answer.most); err != nil {
			plain = nil
		}
	}
	if more := int64(len(plain)) - packed; !p.take(more) {
		return nil
	}
	return plain
}

// forget keeps nothing of the exchange.
func (p *passing) forget() {
	p.once.Do(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.tape.take(-p.taken)
		p.lost = true // what still passes is not kept
	})
}

// sent is the body of a request, which is kept while it is read.
type sent struct {
	io.ReadCloser
	p *passing
}

// Read reads, and keeps what was read.
func (s sent) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	s.p.add(&s.p.body, b[:n])
	return n, err
}

// received is the body of an answer, which is kept while it is read.
type received struct {
	io.ReadCloser
	p     *passing
	whole bool
}

// Read reads, and keeps what was read.
func (a *received) Read(b []byte) (int, error) {
	n, err := a.ReadCloser.Read(b)
	a.p.add(&a.p.answer, b[:n])
	a.whole = a.whole || errors.Is(err, io.EOF)
	return n, err
}

// Close ends the exchange.
func (a *received) Close() error {
	err := a.ReadCloser.Close()
	a.p.ends(a.whole)
	return err
}
