// Package postgres keeps the files of a history as rows of two tables of PostgreSQL, with what
// a dashboard asks for beside them. It knows nothing of what is in the files.
package postgres

import (
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Schemes begin the location of a database.
func Schemes() []string { return []string{"postgres://", "postgresql://"} }

// Database is a database that has the tables, or will.
type Database struct {
	config   *pgx.ConnConfig
	place    string
	patience time.Duration
}

// Parse reads postgres://user:password@host:port/database; what it lacks comes from the standard
// environment. A query that takes longer than patience is given up. The error is one line, which holds no credentials.
func Parse(location string, patience time.Duration) (*Database, error) {
	config, err := pgx.ParseConfig(location)
	if err != nil {
		// The library's error shows the text, with what it takes for the password
		// hidden; what it does not take for one would be shown.
		return nil, errors.New("it, or a variable PG… of the environment, is not one of PostgreSQL; " +
			"write postgres://USER@HOST:5432/DATABASE")
	}
	config.RuntimeParams["application_name"] = "loadgate"
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // poolers keep no statements
	if config.ConnectTimeout == 0 || config.ConnectTimeout > patience {
		config.ConnectTimeout = patience
	}
	host := config.Host
	if !strings.HasPrefix(host, "/") {
		host = net.JoinHostPort(host, strconv.Itoa(int(config.Port)))
	}
	return &Database{config, Schemes()[0] + host + "/" + config.Database, patience}, nil
}

// Place is the server and the database.
func (d *Database) Place() string { return d.place }

// Path names a file by the place and its name.
func (d *Database) Path(name string) string { return d.place + " " + name }
