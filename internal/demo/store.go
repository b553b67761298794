package demo

import "sync"

// store is the database of the service, imitated by tables of Go in this process. It is safe
// for concurrent use.
//
// What is real: each answer is found among the rows, by the joins, orders and means that a
// database would use, and shows every change made before it. Readers go together, writers go
// alone, and a change is seen whole or not at all.
//
// What is imitated: there is no SQL, no server and no disk. A connection is a place in
// service.pool, which requests really wait for and hold; the time of the statements is drawn
// with that of the route, and Server-Timing tells both. One call of read or change is one
// statement or transaction of a service whose database is elsewhere.
type store struct {
	lock   sync.RWMutex
	tables tables
}

// openStore fills the tables from the seed.
func openStore(seed uint64) *store {
	s := &store{}
	fillTables(&s.tables, seed)
	return s
}

// read runs one statement that changes nothing.
func read[T any](s *store, statement func(t *tables) (T, error)) (T, error) {
	s.lock.RLock()
	defer s.lock.RUnlock()
	return statement(&s.tables)
}

// change runs one transaction. There is no way back from what it has changed: it looks for
// everything that can refuse it first.
func change[T any](s *store, transaction func(t *tables) (T, error)) (T, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return transaction(&s.tables)
}
