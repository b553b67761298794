package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/dsn"
)

func openPostgres(p config.Probe, w *World) (Probe, error) {
	db, err := shared(w, &w.databases, p.DSN, func() (*database, error) { return newDatabase(p, w) })
	if err == nil {
		err = db.allowed(w)
	}
	if err != nil {
		return Probe{}, err
	}
	var seen counter
	read := func(ctx context.Context) (Value, error) {
		switch p.Read {
		case "cache_hit_ratio":
			n, err := db.numbers(ctx, "SELECT blks_hit::float8, (blks_hit + blks_read)::float8 FROM pg_stat_database "+
				"WHERE datname = current_database()")
			if err != nil {
				return Value{}, err
			}
			return seen.share(time.Now(), n[0], n[1])
		case "deadlocks", "temp_files":
			n, err := db.numbers(ctx, "SELECT "+p.Read+
				"::float8, 0::float8 FROM pg_stat_database WHERE datname = current_database()")
			if err != nil {
				return Value{}, err
			}
			return seen.total(n[0])
		case "longest_transaction":
			n, err := db.numbers(ctx,
				`SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8, 0::float8
				FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'loadgate' AND backend_type = 'client backend'`)
			if err != nil {
				return Value{}, err
			}
			return Value{Number: n[0] * float64(time.Second)}, nil
		case "connections":
			return db.connections(ctx, p.Pool)
		}
		return Value{}, unknownReading(p)
	}
	return Probe{Read: read, Close: db.close}, nil
}

// connections counts the server's client connections and those that it allows;
// with a pool, only those that are busy in the service's database.
func (d *database) connections(ctx context.Context, pool int) (Value, error) {
	query :=
		`SELECT count(*) FILTER (WHERE backend_type = 'client backend')::float8, ` +
			`current_setting('max_connections')::float8 FROM pg_stat_activity WHERE application_name <> 'loadgate'`
	if pool > 0 {
		query =
			`SELECT count(*) FILTER (WHERE state <> 'idle' AND datname = current_database() AND backend_type = 'client backend')::float8, 0::float8
			FROM pg_stat_activity WHERE application_name <> 'loadgate'`
	}
	n, err := d.numbers(ctx, query)
	if err != nil {
		return Value{}, err
	}
	if pool > 0 {
		n[1] = float64(pool)
	}
	return Value{Number: n[0] / n[1]}, nil
}

// database is one connection, made anew after an error. Its figures may be asked
// for by several at once.
type database struct {
	mu     sync.Mutex
	config *pgx.ConnConfig
	conn   *pgx.Conn
}

// written are the DSN parameters that a file may set itself. Those that name local
// files belong in the environment: a stranger's file would read them with the
// rights of the user who runs it.
var written = []string{
	"host", "port", "dbname", "user", "password", "connect_timeout",
	"application_name", "client_encoding", "options", "search_path",
	"statement_timeout", "timezone", "ssl", "sslmode", "sslsni",
	"sslnegotiation", "channel_binding", "target_session_attrs",
	"min_protocol_version", "max_protocol_version", "require_auth",
}

func newDatabase(p config.Probe, w *World) (*database, error) {
	var o pgx.ParseConfigOptions
	if !p.Given {
		o.ConnStringAllowedKeys = written
	}
	parsed, err := pgx.ParseConfigWithOptions(p.DSN, o)
	if err != nil {
		for _, key := range dsn.Files() {
			if !p.Given && strings.Contains(err.Error(), fmt.Sprintf("key %q", key)) {
				return nil, fmt.Errorf("dsn names a file of this machine with %[1]s, which thresholds.yaml may not; "+
					"set PG%[2]s in the environment, or write the whole dsn there", key, strings.ToUpper(key))
			}
		}
		// The library's error shows the text, with what it takes for the password
		// hidden; what it does not take for one would be shown.
		return nil, errors.New("dsn is not one of PostgreSQL; write postgres://user:password@host:5432/database, or " +
			"host=… user=… dbname=…")
	}
	parsed.DialFunc = w.dial
	// dial resolves
	parsed.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	parsed.RuntimeParams["application_name"] = "loadgate"
	parsed.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol // poolers keep no statements
	return &database{config: parsed}, nil
}

// allowed says why one of its servers may not be dialled. It asks for each of several: one that is not on the list
// would be missed on the day on which the others are down.
func (d *database) allowed(w *World) error {
	err := w.allowed(pgconn.NetworkAddress(d.config.Host, d.config.Port))
	for _, other := range d.config.Fallbacks {
		if err == nil {
			err = w.allowed(pgconn.NetworkAddress(other.Host, other.Port))
		}
	}
	return err
}

func (d *database) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop()
}

func (d *database) drop() {
	if d.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = d.conn.Close(ctx) // there is nothing to lose
	d.conn = nil
}

// ready connects where there is no connection.
func (d *database) ready(ctx context.Context) error {
	if d.conn != nil && !d.conn.IsClosed() {
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, d.config.Copy())
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", blame(err))
	}
	d.conn = conn
	return nil
}

// numbers asks for a row of two numbers.
func (d *database) numbers(ctx context.Context, query string) ([2]float64, error) {
	var n [2]float64
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.ready(ctx); err != nil {
		return n, err
	}
	if err := d.conn.QueryRow(ctx, query).Scan(&n[0], &n[1]); err != nil {
		d.drop()
		return n, fmt.Errorf("ask PostgreSQL: %w", blame(err))
	}
	return n, nil
}

// blame is the cause of an error of the library, without the addresses and names
// that it puts in front.
func blame(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return errors.New(e.Message)
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 && errors.Unwrap(err) != nil {
		text = text[i+2:]
	}
	return errors.New(text)
}
