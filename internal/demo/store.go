package demo

import (
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"sync"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

//go:embed schema.sql
var schemaSQL string

// readers is how many connections read at once. Two cores and queries far
// below a millisecond: more would only multiply page caches.
const readers = 4

// store is the service's database: SQLite in memory, shared by one writing and
// a few reading connections. It is safe for concurrent use.
//
// Handlers let SQLite write the JSON of an answer (json_object and its
// family): one text column crosses from the database into Go, not fifty rows
// of ten columns, which is where a Go program spends its time with SQLite.
type store struct {
	db     *sql.DB
	writer *sql.Conn // also keeps the database alive: it ends with its last connection
	reads  map[string]*sql.Stmt
	writes map[string]*sql.Stmt

	// lock lets readers in together and writers alone. SQLite would do the same
	// with its own locks, but it waits for them by sleeping whole milliseconds.
	lock sync.RWMutex
}

const (
	sqlBegin    = `BEGIN`
	sqlCommit   = `COMMIT`
	sqlRollback = `ROLLBACK`
)

// openStore creates the tables, fills them from the seed and prepares the statements
// that the service reads and writes with.
func openStore(seed uint64, reads, writes []string) (*store, error) {
	// Two servers in one process must not share a database: each has a name of its own.
	db, err := sql.Open("sqlite", "file:/"+rand.Text()+
		"?vfs=memdb&_pragma=journal_mode(memory)&_pragma=synchronous(off)&_pragma=temp_store(memory)")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(readers + 1)
	db.SetMaxIdleConns(readers + 1)
	s := &store{db: db, reads: map[string]*sql.Stmt{}, writes: map[string]*sql.Stmt{}}
	if err := s.fill(seed, reads, writes); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *store) fill(seed uint64, reads, writes []string) error {
	ctx := context.Background()
	var err error
	if s.writer, err = s.db.Conn(ctx); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if _, err := s.writer.ExecContext(ctx, schemaSQL); err != nil {
		return fmt.Errorf("create tables: %w", err)
	}
	if err := fillTables(ctx, s.writer, seed); err != nil {
		return fmt.Errorf("fill tables: %w", err)
	}
	for _, text := range reads {
		if s.reads[text], err = s.db.PrepareContext(ctx, text); err != nil {
			return fmt.Errorf("prepare %q: %w", text, err)
		}
	}
	for _, text := range append([]string{sqlBegin, sqlCommit, sqlRollback}, writes...) {
		if s.writes[text], err = s.writer.PrepareContext(ctx, text); err != nil {
			return fmt.Errorf("prepare %q: %w", text, err)
		}
	}
	return nil
}

func (s *store) close() error {
	var errs []error
	for _, prepared := range []map[string]*sql.Stmt{s.reads, s.writes} {
		for _, stmt := range prepared {
			if stmt != nil {
				errs = append(errs, stmt.Close())
			}
		}
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	return errors.Join(append(errs, s.db.Close())...)
}

// read runs one of the reading statements and scans its only row. It returns
// sql.ErrNoRows when there is none.
//
// Note: queries run without the request's context. The driver starts a
// goroutine for every query that can be cancelled, which costs more than the
// queries here do.
func (s *store) read(query string, args []any, into ...any) error {
	s.lock.RLock()
	defer s.lock.RUnlock()
	return s.reads[query].QueryRow(args...).Scan(into...)
}

// document is a JSON text, written by the database.
type document []byte

// one is read for the usual case: the row is one document.
func (s *store) one(query string, args ...any) (document, error) {
	var text []byte
	err := s.read(query, args, &text)
	return text, err
}

// many returns every row of a query whose rows are JSON texts.
func (s *store) many(query string, args ...any) ([]document, error) {
	s.lock.RLock()
	defer s.lock.RUnlock()
	rows, err := s.reads[query].Query(args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []document
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// change runs several of the writing statements as one transaction.
func (s *store) change(body func(t *transaction) error) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if _, err := s.writes[sqlBegin].Exec(); err != nil {
		return err
	}
	if err := body(&transaction{s}); err != nil {
		_, undo := s.writes[sqlRollback].Exec()
		return errors.Join(err, undo)
	}
	_, err := s.writes[sqlCommit].Exec()
	return err
}

// changeOne runs one of the writing statements that returns one document, as a
// transaction of its own.
func (s *store) changeOne(query string, args ...any) (document, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	var text []byte
	err := s.writes[query].QueryRow(args...).Scan(&text)
	return text, err
}

// transaction is the store while change holds it.
type transaction struct{ store *store }

func (t *transaction) exec(query string, args ...any) error {
	_, err := t.store.writes[query].Exec(args...)
	return err
}

// row runs a statement that returns one row; sql.ErrNoRows when it does not.
func (t *transaction) row(query string, args []any, into ...any) error {
	return t.store.writes[query].QueryRow(args...).Scan(into...)
}
