package probe

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Statements counts what a database does, by pg_stat_statements. It is used by
// one goroutine.
type Statements struct {
	db   *database
	last map[string]result.Statement // by the database's own name for it
}

// Statements finds a database of a file that counts its statements; nil: there
// is none.
func (w *World) Statements(ctx context.Context, resources []config.Resource) *Statements {
	for _, r := range resources {
		if r.From != metric.FromPostgres || r.Unset != "" {
			continue
		}
		db, err := shared(w, &w.databases, r.DSN, func() (*database, error) { return newDatabase(r.Probe, w) })
		if err != nil {
			continue
		}
		s := &Statements{db: db}
		if _, err := s.Since(ctx); err == nil {
			return s
		}
	}
	return nil
}

// Since is what was done since the last call, those with the most time first, and
// nothing at the first. What loadgate itself asked is not in it.
func (s *Statements) Since(ctx context.Context) ([]result.Statement, error) {
	now, err := s.db.statements(ctx)
	if err != nil {
		return nil, fmt.Errorf("read pg_stat_statements: %w", err)
	}
	var grown []result.Statement
	for id, n := range now {
		before := s.last[id]
		n.Calls, n.Time, n.Rows = n.Calls-before.Calls, n.Time-before.Time, n.Rows-before.Rows
		if s.last != nil && n.Calls > 0 && n.Time >= 0 && n.Rows >= 0 && !own(n.Query) {
			grown = append(grown, n)
		}
	}
	s.last = now
	slices.SortFunc(grown, func(a, b result.Statement) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Query, b.Query))
	})
	return grown, nil
}

// own says whether a statement is of the probes, or of no interest.
func own(query string) bool {
	text := strings.ToLower(strings.TrimSpace(query))
	for _, word := range []string{"begin", "commit", "rollback", "set ", "show ", "discard"} {
		if strings.HasPrefix(text, word) {
			return true
		}
	}
	return strings.Contains(text, "pg_stat_")
}

// longestQuery bounds what is kept of a statement, in bytes.
const longestQuery = 500

func (d *database) statements(ctx context.Context) (map[string]result.Statement, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	rows, err := d.conn.Query(ctx,
		`SELECT queryid::text, left(query, 500), calls::int8, total_exec_time::float8, rows::int8
		FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
		ORDER BY calls DESC LIMIT 2000`)
	if err != nil {
		return nil, blame(err)
	}
	defer rows.Close()
	all := map[string]result.Statement{}
	for rows.Next() {
		var id, query string
		var s result.Statement
		var ms float64
		if err := rows.Scan(&id, &query, &s.Calls, &ms, &s.Rows); err != nil {
			return nil, blame(err)
		}
		s.Query = query[:min(len(query), longestQuery)]
		s.Time = time.Duration(ms * float64(time.Millisecond))
		before := all[id] // the same of several users
		s.Calls, s.Time, s.Rows = s.Calls+before.Calls, s.Time+before.Time, s.Rows+before.Rows
		all[id] = s
	}
	if err := rows.Err(); err != nil {
		return nil, blame(err)
	}
	return all, nil
}
