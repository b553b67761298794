package storetest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/testport"
)

// Postgres starts a PostgreSQL of its own, which ends with the test, and returns the URL of its
// database for its superuser. It skips the test where there is none.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		t.Skip("PostgreSQL is not installed (Debian: postgresql)")
	}
	bin := filepath.Dir(found[len(found)-1])
	folder := temporary(t)
	as := humble(t, folder)
	password := filepath.Join(folder, "password")
	if err := os.WriteFile(password, []byte(SecretKey), 0o644); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(folder, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "tester", "--auth=scram-sha-256",
		"--pwfile", password, "-N", "-E", "UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = as, folder
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	launch(t, as, folder, nil, func() error {
		return exec.Command(filepath.Join(bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port).Run()
	}, filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off")
	return fmt.Sprintf("postgres://tester:%s@127.0.0.1:%s/postgres", PasswordInURL, port)
}

// PasswordInURL is the password of PostgreSQL's superuser, which is SecretKey, as a URL has it.
const PasswordInURL = "storetest-Secret%2FKey+word"

// RealS3 starts the S3 gateway of Versity over a folder, which ends with the test, and returns its
// URL. It skips the test where there is none.
func RealS3(t testing.TB) (url string) {
	t.Helper()
	program, err := exec.LookPath("versitygw")
	if err != nil {
		t.Skip("versitygw is not installed (.ci/install)")
	}
	folder := temporary(t)
	for _, name := range []string{"data", filepath.Join("data", BucketName), "beside"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	address := net.JoinHostPort("127.0.0.1", freePort(t))
	launch(t, nil, folder, []string{"ROOT_ACCESS_KEY=" + AccessKey, "ROOT_SECRET_KEY=" + SecretKey}, func() error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	}, program, "--port", address, "--quiet", "posix", "--sidecar", filepath.Join(folder, "beside"),
		filepath.Join(folder, "data"))
	return "http://" + address
}

// temporary is a folder that users other than this one may enter, which those of a test are not.
func temporary(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "loadgate-storetest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func freePort(t testing.TB) string {
	t.Helper()
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(port)
}

// launch starts a program, as another user where one is given, and waits until it answers.
func launch(t testing.TB, as *syscall.SysProcAttr, folder string, environment []string, answers func() error,
	program string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, args...)
	c.Dir, c.Stdout, c.Stderr, c.SysProcAttr = folder, log, log, as
	c.Env = append(os.Environ(), environment...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sync.OnceFunc(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait() // it ends with a code of its own
		_ = log.Close()
	}))
	for deadline := time.Now().Add(30 * time.Second); answers() != nil; {
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("%s does not answer: %s", program, text)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
	}
}
