package postgres_test

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/loadgate/loadgate/internal/history/postgres"
	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/history/storetest"
)

func TestParse(t *testing.T) {
	for _, row := range []struct{ location, place string }{
		{"postgres://ann:secret-word@db.test/loads?sslmode=require", "postgres://db.test:5432/loads"},
		{"postgresql://db.test:6543/loads?user=ann&password=secret-word", "postgres://db.test:6543/loads"},
		{"postgres://ann:secret-word@[::1]:5433/loads", "postgres://[::1]:5433/loads"},
		{"postgres:///loads?host=/run/postgresql&password=secret-word", "postgres:///run/postgresql/loads"},
		{"postgres://ann:secret-word@db.test:port/loads", ""},
		{"postgres://ann:secret-word%zz@db.test/loads", ""},
		{"postgres://ann@db.test/loads?sslmode=secret-word", ""},
	} {
		d, err := postgres.Parse(row.location, time.Second)
		switch {
		case row.place == "" && (err == nil || strings.Contains(err.Error(), "secret-word")):
			t.Errorf("Parse(%q) = %v", row.location, err)
		case row.place != "" && (err != nil || d.Place() != row.place):
			t.Errorf("Parse(%q) = %v, %v, want %s", row.location, d, err, row.place)
		}
	}
}

// try uses the database in each way, and gives the errors.
func try(t *testing.T, location string, patience time.Duration) (all []error) {
	t.Helper()
	d, err := postgres.Parse(location, patience)
	if err != nil {
		t.Fatal(err)
	}
	files, err := d.Begin()
	if err != nil {
		return []error{err}
	}
	defer files.Close()
	_, listed := files.Names("")
	return []error{listed, files.Check(), files.Create(aFile("20261122T120000Z-aaaaaa"))}
}

func aFile(id string) shelf.File {
	return shelf.File{Name: id + shelf.RunSuffix, Content: []byte("a run"), Head: 1,
		About: shelf.About{Run: id, Time: time.Now(), JSON: []byte(`{"id":"` + id + `"}`)}}
}

// said holds the errors to what is promised of each: one line without credentials.
func said(t *testing.T, errs []error, want string) {
	t.Helper()
	for _, err := range errs {
		if _, ok := errors.AsType[*shelf.Error](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v (%[1]T), want %s", err, want)
			continue
		}
		for _, never := range []string{storetest.SecretKey, storetest.PasswordInURL, "wrong-word", "\n", "\x1b"} {
			if strings.Contains(err.Error(), never) {
				t.Errorf("%q is in %q", never, err)
			}
		}
	}
}

func TestServersThatFail(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	said(t, try(t, "postgres://ann:wrong-word@127.0.0.1:1/x?sslmode=disable", time.Minute), "connection refused")
	said(t, try(t, fmt.Sprintf("postgres://ann:wrong-word@%s/x?sslmode=disable", silent.Addr()), time.Second),
		"no answer within 1s")
	echo(t, func(server string) {
		said(t, try(t, "postgres://ann:wrong-word@"+server+"/x?sslmode=disable", time.Minute), "*** may not")
	})
}

// echo is a server that asks for the password as it is, and complains with it.
func echo(t *testing.T, use func(address string)) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			buffer := make([]byte, 1024)
			_, _ = conn.Read(buffer)
			_, _ = conn.Write([]byte{'R', 0, 0, 0, 8, 0, 0, 0, 3}) // the password in clear
			n, _ := conn.Read(buffer)
			password := strings.TrimRight(string(buffer[5:max(n, 5)]), "\x00")
			text := "SFATAL\x00C28P01\x00M" + password + " may not\nenter\x1b[2J\x00\x00"
			_, _ = conn.Write(append([]byte{'E', 0, 0, 0, byte(len(text) + 4)}, text...))
			_ = conn.Close()
		}
	})
	use(l.Addr().String())
	_ = l.Close()
	group.Wait()
}

// What a real server refuses says what to do.
func TestRights(t *testing.T) {
	address := storetest.Postgres(t)
	conn := connect(t, address)
	defer conn.Close(t.Context())
	for _, statement := range []string{
		"CREATE ROLE writer LOGIN PASSWORD 'writer'", "CREATE ROLE reader LOGIN PASSWORD 'reader'",
		"REVOKE CREATE ON SCHEMA public FROM PUBLIC",
	} {
		exec(t, conn, statement)
	}
	as := func(user string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(user, user)
		return u.String()
	}
	said(t, try(t, strings.Replace(address, storetest.PasswordInURL, "wrong-word", 1), time.Minute),
		"password authentication failed")
	errs := try(t, as("writer"), time.Minute)
	if errs[0] != nil { // nothing is there, and nothing is made by reading
		t.Errorf("Names = %v", errs[0])
	}
	said(t, errs[1:],
		"permission denied for schema public; have its owner run: CREATE TABLE IF NOT EXISTS loadgate_run")
	// The owner runs what the line says.
	_, statements, _ := strings.Cut(errs[1].Error(), "have its owner run: ")
	for statement := range strings.SplitSeq(statements, "; ") {
		exec(t, conn, statement)
	}
	exec(t, conn, "GRANT SELECT, INSERT ON loadgate_run, loadgate_mark TO writer")
	exec(t, conn, "GRANT SELECT ON loadgate_run, loadgate_mark TO reader")
	for _, err := range try(t, as("writer"), time.Minute) {
		if err != nil {
			t.Error(err)
		}
	}
	errs = try(t, as("reader"), time.Minute)
	if errs[0] != nil {
		t.Errorf("Names = %v", errs[0])
	}
	said(t, errs[1:], "permission denied for table loadgate_run")
	remove := func(user string) error {
		d, err := postgres.Parse(as(user), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		files, err := d.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		return files.Remove("20261122T120000Z-aaaaaa" + shelf.RunSuffix)
	}
	said(t, []error{remove("writer")}, "permission denied for table loadgate_run")
	exec(t, conn, "GRANT DELETE ON loadgate_run, loadgate_mark TO writer")
	if err := remove("writer"); err != nil {
		t.Error(err)
	}
	if err := remove("writer"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the second Remove = %v", err)
	}
	// A table that somebody holds ends in bounded time, too.
	exec(t, conn, "BEGIN")
	exec(t, conn, "LOCK TABLE loadgate_run")
	said(t, try(t, as("writer"), time.Second)[:1], "list: no answer within 1s")
	exec(t, conn, "ROLLBACK")
	exec(t, conn, "ALTER ROLE writer SET default_transaction_read_only = on")
	said(t, try(t, as("writer"), time.Minute)[1:], "read-only transaction")
}

// The password of the standard file is used, and the tables are made by one of several who come at once.
func TestPasswordFileAndManyAtOnce(t *testing.T) {
	address := storetest.Postgres(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pgpass")
	if err := os.WriteFile(file, []byte("*:*:*:*:"+storetest.SecretKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGPASSFILE", file)
	u.User = url.User("tester")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			d, err := postgres.Parse(u.String(), time.Minute)
			if err != nil {
				t.Error(err)
				return
			}
			files, err := d.Begin()
			if err != nil {
				t.Error(err)
				return
			}
			defer files.Close()
			if err := files.Check(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
