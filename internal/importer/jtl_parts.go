package importer

import (
	"strconv"
	"strings"
	"time"
)

// mostThreads is how many threads of JMeter are looked at together, and mostParts
// how many samples of one may wait for the request that they are parts of.
const (
	mostThreads = 5000
	mostParts   = 100
)

// jtlParts leaves out the parts of requests. JMeter calls them like the request
// with a number, L-0 and L-1 of L, and writes them after it, or before; their time
// lies within its time, on its thread. A label such as page-1 is that of a
// request where there is no such request around it.
type jtlParts struct {
	samples *samples
	threads map[string]*jtlThread
}

// jtlThread is what was last read of a thread.
type jtlThread struct {
	label        string // of the last request
	begun, ended time.Time
	next         int      // the number of its part that is to come
	waiting      []sample // they may be parts of the next one
}

func newJTLParts(s *samples) *jtlParts {
	return &jtlParts{samples: s, threads: map[string]*jtlThread{}}
}

// take counts a sample, unless it is a part of a request.
func (p *jtlParts) take(thread string, x sample) error {
	t := p.threads[thread]
	if t == nil {
		if len(p.threads) == mostThreads {
			if err := p.flush(); err != nil {
				return err
			}
			clear(p.threads)
		}
		t = &jtlThread{}
		p.threads[strings.Clone(thread)] = t
	}
	begun := x.ended.Add(-x.latency)
	if err := p.settle(t, x.label, begun, x.ended); err != nil {
		return err
	}
	if partOf(x.label, t.label) && lies(x, t.begun, t.ended, t.next) {
		t.next++
		return nil
	}
	for _, w := range t.waiting {
		if partOf(x.label, w.label) && lies(x, w.ended.Add(-w.latency), w.ended, 0) {
			return nil
		}
	}
	if lastNumber(x.label) != "" {
		t.waiting = append(t.waiting, x.clone())
		return nil
	}
	t.label, t.begun, t.ended, t.next = strings.Clone(x.label), begun, x.ended, 0
	return p.samples.add(x)
}

// lies says whether a sample that is called like a part lies within a request. One
// of 0 ms at its edge may as well be the next request: it is a part where its number
// follows that of the part before it.
func lies(x sample, begun, ended time.Time, next int) bool {
	from := x.ended.Add(-x.latency)
	switch {
	case from.Before(begun) || x.ended.After(ended):
		return false
	case x.latency > 0 || from.After(begun) && x.ended.Before(ended):
		return true
	}
	return lastNumber(x.label) == strconv.Itoa(next)
}

// settle leaves out what waits and is a part of a sample, and counts what can be
// a part of none: a thread sends one request after another.
func (p *jtlParts) settle(t *jtlThread, label string, begun, ended time.Time) error {
	rest, next := t.waiting[:0], 0
	for _, w := range t.waiting {
		switch {
		case partOf(w.label, label) && lies(w, begun, ended, next):
			next++
		case w.ended.Before(begun) || len(t.waiting) == mostParts:
			if err := p.samples.add(w); err != nil {
				return err
			}
		default:
			rest = append(rest, w)
		}
	}
	t.waiting = rest
	return nil
}

// flush counts what still waits: there was no request around it.
func (p *jtlParts) flush() error {
	for _, t := range byKey(p.threads) {
		for _, w := range t.waiting {
			if err := p.samples.add(w); err != nil {
				return err
			}
		}
		t.waiting = nil
	}
	return nil
}

// partOf says whether a label is that of a part of a request: its label with a
// number, and with another where the part has parts.
func partOf(label, request string) bool {
	for request != "" {
		number := lastNumber(label)
		if number == "" {
			return false
		}
		label = strings.TrimSuffix(label, "-"+number)
		if label == request {
			return true
		}
	}
	return false
}

// lastNumber is what stands behind the last dash; empty: no number does.
func lastNumber(label string) string {
	at := strings.LastIndexByte(label, '-')
	if at < 1 {
		return ""
	}
	if _, err := strconv.ParseUint(label[at+1:], 10, 31); err != nil {
		return ""
	}
	return label[at+1:]
}
