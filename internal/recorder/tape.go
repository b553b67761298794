package recorder

import (
	"maps"
	"net/http"
	"slices"
	"sync"
)

// tape keeps exchanges, in bounds. It is safe for concurrent use.
type tape struct {
	limits Limits

	mu                             sync.Mutex
	left                           int64 // of the memory
	exchanges                      []Exchange
	lost                           int
	streams, distrusted, unreached map[string]int
}

func newTape(l Limits) *tape {
	l = l.or()
	return &tape{limits: l, left: l.Memory,
		streams: map[string]int{}, distrusted: map[string]int{}, unreached: map[string]int{}}
}

// take takes memory, or gives it back; false: there is not so much.
func (t *tape) take(n int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n > t.left {
		return false
	}
	t.left -= n
	return true
}

func (t *tape) keep(x Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.exchanges) >= t.limits.Exchanges {
		t.lost++
		return
	}
	t.exchanges = append(t.exchanges, x)
}

func (t *tape) lose() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lost++
}

// mostHosts bounds the hosts that are counted.
const mostHosts = 1000

// count counts something of a host.
func (t *tape) count(in map[string]int, host string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := in[host]; known || len(in) < mostHosts {
		in[host]++
	}
}

func (t *tape) recording() *Recording {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := slices.Clone(t.exchanges)
	slices.SortStableFunc(all, func(a, b Exchange) int { return a.Begun.Compare(b.Begun) })
	return &Recording{Exchanges: all, Lost: t.lost, Streams: maps.Clone(t.streams),
		Distrusted: maps.Clone(t.distrusted), Unreached: maps.Clone(t.unreached)}
}

// perExchange is about what an exchange takes beside its texts, in bytes.
const perExchange = 512

// sizeOf is about what a head takes, in bytes.
func sizeOf(h http.Header) (n int64) {
	for name, values := range h {
		for _, v := range values {
			n += int64(len(name)+len(v)) + 64
		}
	}
	return n
}
