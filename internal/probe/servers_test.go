package probe_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v5"

	"github.com/loadgate/loadgate/internal/testport"
)

// freePort is a port of this machine that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// server is a real one, ended with the test at the latest.
type server struct {
	port int
	stop func()
}

// launch starts a program, as another user where one is given, and waits until
// it answers: one that listens may still be starting.
func launch(t *testing.T, as *syscall.SysProcAttr, port int, answers func() error,
	folder, program string, args ...string) server {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir = folder
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = as
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		_ = c.Process.Signal(syscall.SIGINT) // fast shutdown of both
		_ = c.Wait()                         // it ends with a code of its own
	})
	t.Cleanup(stop)
	for deadline := time.Now().Add(30 * time.Second); ; {
		if answers() == nil {
			return server{port, stop}
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("%s does not answer: %s", program, text)
		}
		pause(t, 20*time.Millisecond)
	}
}

// pause lets another process get on.
func pause(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	}
}

// postgres starts a PostgreSQL of its own.
func postgres(t *testing.T) (s server, dsn string) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		t.Skip("PostgreSQL is not installed (Debian: postgresql)")
	}
	bin := filepath.Dir(found[len(found)-1])
	folder, err := os.MkdirTemp("", "loadgate-postgres")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	data := filepath.Join(folder, "data")
	as := humble(t, folder)
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D",
		data, "-U", "tester", "--auth=trust", "-N", "-E", "UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = as, folder
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	dsn = fmt.Sprintf("postgres://tester:secret-word@127.0.0.1:%d/postgres", port)
	answers := func() error {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err == nil {
			err = conn.Close(t.Context())
		}
		return err
	}
	s = launch(t, as, port, answers, folder, filepath.Join(bin, "postgres"),
		"-D", data, "-p", strconv.Itoa(port), "-h", "127.0.0.1", "-k", folder,
		"-c", "max_connections=20", "-c", "fsync=off", "-c", "shared_preload_libraries=pg_stat_statements")
	return s, dsn
}

// redisServer starts a Redis, or Valkey, of its own.
func redisServer(t *testing.T) (s server, url string) {
	t.Helper()
	for _, name := range []string{"redis-server", "valkey-server"} {
		if program, err := exec.LookPath(name); err == nil {
			port := freePort(t)
			url = fmt.Sprintf("redis://127.0.0.1:%d", port)
			answers := func() error {
				conn, err := redis.DialURL(url)
				if err != nil {
					return err
				}
				_, err = conn.Do("PING")
				return errors.Join(err, conn.Close())
			}
			s = launch(t, nil, port, answers, t.TempDir(), program,
				"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "", "--dir", os.TempDir())
			return s, url
		}
	}
	t.Skip("neither Redis nor Valkey is installed (Debian: redis-server)")
	return s, ""
}
