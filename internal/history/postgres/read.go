package postgres

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Names lists the rows of both tables.
func (f *files) Names(prefix string) ([]string, error) {
	if there, err := f.there(); !there || err != nil {
		return nil, err
	}
	ctx, cancel := f.within()
	defer cancel()
	rows, err := f.conn.Query(ctx, `SELECT name FROM (SELECT id || $1 AS name FROM loadgate_run `+
		`UNION ALL SELECT name FROM loadgate_mark) AS files WHERE starts_with(name, $2)`,
		shelf.RunSuffix, text(prefix))
	if err != nil {
		return nil, f.failed(ctx, "list", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	slices.Sort(names)
	return names, f.failed(ctx, "list", err)
}

// Fronts asks for the heads of all files at once.
func (f *files) Fronts(names []string) ([]shelf.Front, error) {
	ids, marks := []string{}, []string{}
	for _, name := range names {
		if id, ok := strings.CutSuffix(name, shelf.RunSuffix); ok {
			ids = append(ids, id)
		} else {
			marks = append(marks, name)
		}
	}
	ctx, cancel := f.within()
	defer cancel()
	var all []shelf.Front
	for _, part := range []struct {
		names []string
		query string
	}{
		{ids, `SELECT id || '` + shelf.RunSuffix + `', substring(result FOR greatest(head_bytes, 0)), ` +
			`octet_length(result) FROM loadgate_run WHERE id = ANY($1)`},
		{marks, `SELECT name, mark, octet_length(mark) FROM loadgate_mark WHERE name = ANY($1)`},
	} {
		if len(part.names) == 0 {
			continue
		}
		rows, err := f.conn.Query(ctx, part.query, part.names)
		if err != nil {
			return nil, f.failed(ctx, "read", err)
		}
		fronts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (front shelf.Front, err error) {
			return front, row.Scan(&front.Name, &front.Content, &front.Size)
		})
		if err != nil {
			return nil, f.failed(ctx, "read", err)
		}
		all = append(all, fronts...)
	}
	slices.SortFunc(all, func(a, b shelf.Front) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Open reads a row, which the server sends as a whole.
func (f *files) Open(name string) (io.ReadCloser, int64, error) {
	if there, err := f.there(); !there || err != nil {
		return nil, 0, errors.Join(err, fs.ErrNotExist)
	}
	ctx, cancel := f.within()
	defer cancel()
	key, query := name, `SELECT mark FROM loadgate_mark WHERE name = $1`
	if id, ok := strings.CutSuffix(name, shelf.RunSuffix); ok {
		key, query = id, `SELECT result FROM loadgate_run WHERE id = $1`
	}
	var content []byte
	err := f.conn.QueryRow(ctx, query, key).Scan(&content)
	if err != nil {
		return nil, 0, f.failed(ctx, "read "+name, err)
	}
	return io.NopCloser(bytes.NewReader(content)), int64(len(content)), nil
}

// Remove deletes a row.
func (f *files) Remove(name string) error {
	ctx, cancel := f.within()
	defer cancel()
	key, query := name, `DELETE FROM loadgate_mark WHERE name = $1`
	if id, ok := strings.CutSuffix(name, shelf.RunSuffix); ok {
		key, query = id, `DELETE FROM loadgate_run WHERE id = $1`
	}
	done, err := f.conn.Exec(ctx, query, key)
	if err == nil && done.RowsAffected() == 0 {
		return fs.ErrNotExist
	}
	return f.failed(ctx, "remove "+name, err)
}

// Tidy has nothing to do: a row is there as a whole or not at all.
func (f *files) Tidy(time.Time) error { return nil }
