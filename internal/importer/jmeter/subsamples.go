package jmeter

import (
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// mostThreads is how many threads of JMeter are looked at together, and mostWaiting
// how many samples of one may wait for the request that they belong to.
const (
	mostThreads = 5000
	mostWaiting = 100
)

// subsamples leaves out the subsamples of requests. JMeter calls them like the request
// with a number, L-0 and L-1 of L, and writes them after it, or before; their time
// lies within its time, on its thread. A label such as page-1 is that of a
// request where there is no such request around it.
type subsamples struct {
	samples *collect.Samples
	threads map[string]*threadState
}

// threadState is what was last read of a thread.
type threadState struct {
	label        string // of the last request
	begun, ended time.Time
	next         int              // the number of its next subsample
	waiting      []collect.Sample // they may be subsamples of the next one
}

func newSubsamples(s *collect.Samples) *subsamples {
	return &subsamples{samples: s, threads: map[string]*threadState{}}
}

// add counts a sample, unless it belongs to a request.
func (p *subsamples) add(thread string, x collect.Sample) error {
	t := p.threads[thread]
	if t == nil {
		if len(p.threads) == mostThreads {
			if err := p.flush(); err != nil {
				return err
			}
			clear(p.threads)
		}
		t = &threadState{}
		p.threads[strings.Clone(thread)] = t
	}
	begun := x.Ended.Add(-x.Latency)
	if err := p.settle(t, x.Label, begun, x.Ended); err != nil {
		return err
	}
	if belongsTo(x.Label, t.label) && within(x, t.begun, t.ended, t.next) {
		t.next++
		return nil
	}
	for _, w := range t.waiting {
		if belongsTo(x.Label, w.Label) && within(x, w.Ended.Add(-w.Latency), w.Ended, 0) {
			return nil
		}
	}
	if lastNumber(x.Label) != "" {
		t.waiting = append(t.waiting, x.Clone())
		return nil
	}
	t.label, t.begun, t.ended, t.next = strings.Clone(x.Label), begun, x.Ended, 0
	return p.samples.Add(x)
}

// within reports whether a sample that is named like a subsample lies within a request. One
// of 0 ms at its edge could be the next request: it is a subsample if its number follows
// that of the one before.
func within(x collect.Sample, begun, ended time.Time, next int) bool {
	from := x.Ended.Add(-x.Latency)
	switch {
	case from.Before(begun) || x.Ended.After(ended):
		return false
	case x.Latency > 0 || from.After(begun) && x.Ended.Before(ended):
		return true
	}
	return lastNumber(x.Label) == strconv.Itoa(next)
}

// settle leaves out the waiting samples that belong to a request, and counts those that can
// belong to none: a thread sends one request after another.
func (p *subsamples) settle(t *threadState, label string, begun, ended time.Time) error {
	rest, next := t.waiting[:0], 0
	for _, w := range t.waiting {
		switch {
		case belongsTo(w.Label, label) && within(w, begun, ended, next):
			next++
		case w.Ended.Before(begun) || len(t.waiting) == mostWaiting:
			if err := p.samples.Add(w); err != nil {
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
func (p *subsamples) flush() error {
	for _, t := range textfile.ByKey(p.threads) {
		for _, w := range t.waiting {
			if err := p.samples.Add(w); err != nil {
				return err
			}
		}
		t.waiting = nil
	}
	return nil
}

// belongsTo reports whether a label is that of a subsample: the label of its request with a
// number, and with another where a subsample has subsamples.
func belongsTo(label, request string) bool {
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

// lastNumber is the number after the last dash; empty: there is none.
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
