package postgres

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Tables are the statements that make the tables. A file is compressed already: a server that
// does not try again can cut its head off without reading the rest.
func Tables() []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS loadgate_run (id text PRIMARY KEY, digest text NOT NULL, host text NOT NULL, ` +
			`runner text NOT NULL, branch text NOT NULL, "commit" text NOT NULL, began timestamptz NOT NULL, ` +
			`outcome text NOT NULL, head jsonb NOT NULL, head_bytes int NOT NULL, result bytea NOT NULL)`,
		`ALTER TABLE loadgate_run ALTER COLUMN result SET STORAGE EXTERNAL`,
		`CREATE TABLE IF NOT EXISTS loadgate_mark (name text PRIMARY KEY, run text NOT NULL, ` +
			`made timestamptz NOT NULL, head jsonb NOT NULL, mark bytea NOT NULL)`,
	}
}

// there says whether the tables are there.
func (f *files) there() (bool, error) {
	if f.made {
		return true, nil
	}
	ctx, cancel := f.within()
	defer cancel()
	err := f.conn.QueryRow(ctx,
		`SELECT to_regclass('loadgate_run') IS NOT NULL AND to_regclass('loadgate_mark') IS NOT NULL`).Scan(&f.made)
	return f.made, f.failed(ctx, "look for the tables", err)
}

// make makes the tables where they are missing. The lock keeps two writers from making them at once.
func (f *files) make() error {
	if there, err := f.there(); there || err != nil {
		return err
	}
	ctx, cancel := f.within()
	defer cancel()
	err := pgx.BeginFunc(ctx, f.conn, func(tx pgx.Tx) error {
		for _, statement := range append([]string{`SELECT pg_advisory_xact_lock(hashtext('loadgate_run'))`},
			Tables()...) {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == insufficientPrivilege {
		return &shelf.Error{Text: f.shown(refused.Message) + "; have its owner run: " + strings.Join(Tables(), "; ")}
	}
	f.made = err == nil
	return f.failed(ctx, "make the tables", err)
}

// Check inserts a row and takes it back.
func (f *files) Check() error {
	if err := f.make(); err != nil {
		return err
	}
	ctx, cancel := f.within()
	defer cancel()
	tx, err := f.conn.Begin(ctx)
	if err != nil {
		return f.failed(ctx, "write", err)
	}
	err = insert(ctx, tx, shelf.File{Name: "-" + shelf.RunSuffix, About: shelf.About{JSON: []byte("{}")}})
	return errors.Join(f.failed(ctx, "write", err), f.failed(ctx, "write", tx.Rollback(ctx)))
}

// Create inserts a row.
func (f *files) Create(made shelf.File) error {
	if err := f.make(); err != nil {
		return err
	}
	ctx, cancel := f.within()
	defer cancel()
	return f.failed(ctx, "write "+made.Name, insert(ctx, f.conn, made))
}

// executor is a connection, or a transaction.
type executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func insert(ctx context.Context, to executor, made shelf.File) (err error) {
	a := made.About
	if id, ok := strings.CutSuffix(made.Name, shelf.RunSuffix); ok {
		_, err = to.Exec(ctx, `INSERT INTO loadgate_run (id, digest, host, runner, branch, "commit", began, outcome, `+
			`head, head_bytes, result) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)`,
			id, text(a.Digest), text(a.Host), text(a.Runner), text(a.Branch), text(a.Commit), a.Time, text(a.Outcome),
			document(a.JSON), made.Head, content(made))
		return err
	}
	_, err = to.Exec(ctx, `INSERT INTO loadgate_mark (name, run, made, head, mark) VALUES ($1, $2, $3, $4::jsonb, $5)`,
		made.Name, a.Run, a.Time, document(a.JSON), content(made))
	return err
}

// content is never NULL.
func content(made shelf.File) []byte { return append([]byte{}, made.Content...) }

// text is a text as the server takes it: it has none with a NUL, or with bytes that are no UTF-8.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// document is JSON as the server takes it: without the escape of a NUL, which is none after an escaped backslash.
func document(json []byte) string {
	var b strings.Builder
	for s := string(json); s != ""; {
		switch {
		case strings.HasPrefix(s, `\u0000`):
			b.WriteString(`\ufffd`)
			s = s[6:]
		case s[0] == '\\' && len(s) > 1:
			b.WriteString(s[:2])
			s = s[2:]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return text(b.String())
}
