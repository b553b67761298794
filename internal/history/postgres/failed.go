package postgres

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/mask"
	"github.com/loadgate/loadgate/internal/safetext"
)

// Codes of the server's errors.
const (
	insufficientPrivilege = "42501"
	uniqueViolation       = "23505"
)

// longestText is how many bytes of an error of the server are shown.
const longestText = 200

// failed is what an error of the library means: a name that is taken or not there, or else something that the server
// did not do, without credentials; nil for nil.
func (d *Database) failed(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return fs.ErrNotExist
	}
	text := cause(err)
	if said, ok := errors.AsType[*pgconn.PgError](err); ok {
		if said.Code == uniqueViolation {
			return fs.ErrExist
		}
		text = said.Message
	}
	if ctx.Err() != nil {
		text = context.Cause(ctx).Error()
	}
	return &shelf.Error{Text: what + ": " + d.shown(text)}
}

// shown is a text of the server or the library as one line without the password.
func (d *Database) shown(text string) string {
	return safetext.Brief(safetext.Line(mask.Text(text, []string{d.config.Password})), longestText)
}

// cause is the cause of an error of the library, without the addresses and names
// that it puts in front.
func cause(err error) string {
	if of, ok := errors.AsType[*net.OpError](err); ok {
		return of.Error()
	}
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 && errors.Unwrap(err) != nil {
		text = text[i+2:]
	}
	return text
}
