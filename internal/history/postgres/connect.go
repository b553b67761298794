package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Begin connects.
func (d *Database) Begin() (shelf.Files, error) {
	f := &files{Database: d}
	ctx, cancel := f.within()
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, d.config.Copy())
	if err != nil {
		return nil, d.failed(ctx, "connect", err)
	}
	f.conn = conn
	return f, nil
}

// files are the rows, on one connection.
type files struct {
	*Database
	conn *pgx.Conn
	made bool // the tables are there
}

// Close says goodbye, which a server that hangs does not hear.
func (f *files) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), min(f.patience, time.Second))
	defer cancel()
	_ = f.conn.Close(ctx) // there is nothing to lose
}

// within is the context of one statement.
func (f *files) within() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.Background(), f.patience,
		fmt.Errorf("no answer within %s", f.patience))
}
