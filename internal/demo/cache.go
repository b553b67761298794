package demo

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

const (
	cacheLife = 15 * time.Second
	cacheSize = 256 // entries; a client that asks for more distinct pages empties it
)

// errCacheDown is what the client of a real one says.
var errCacheDown = errors.New(
	"redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused")

// cacheKey is a query and its arguments.
type cacheKey struct {
	query, text   string
	limit, offset int64
}

// cache keeps the answers of the costly queries for a while, as the real
// service does in Redis. It is safe for concurrent use.
type cache struct {
	hits, misses atomic.Uint64

	clock *clock
	gone  Span // it does not answer

	mu      sync.Mutex
	entries map[cacheKey]*cached
}

// cached is one answer; its lock makes those who ask for it meanwhile wait
// for whoever fetches it.
type cached struct {
	mu      sync.Mutex
	answer  document
	expires time.Time
}

// get returns errCacheDown while the cache is down; then nothing is fetched.
func (c *cache) get(key cacheKey, fetch func() (document, error)) (document, error) {
	if c.down() {
		return nil, errCacheDown
	}
	entry := c.entry(key)
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if time.Now().Before(entry.expires) {
		c.hits.Add(1)
		return entry.answer, nil
	}
	c.misses.Add(1)
	answer, err := fetch()
	if err != nil {
		return nil, err
	}
	entry.answer, entry.expires = answer, time.Now().Add(cacheLife)
	return answer, nil
}

func (c *cache) entry(key cacheKey) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry := c.entries[key]
	if entry == nil {
		if c.entries == nil || len(c.entries) >= cacheSize {
			c.entries = map[cacheKey]*cached{}
		}
		entry = &cached{}
		c.entries[key] = entry
	}
	return entry
}

// down says whether the cache is gone; it comes back empty.
func (c *cache) down() bool {
	if !c.clock.within(c.gone) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = nil
	return true
}

// size is the number of answers in it.
func (c *cache) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.entries)
}
