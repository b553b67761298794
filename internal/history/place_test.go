package history_test

import (
	"bytes"
	"flag"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/history/storetest"
)

var long = flag.Bool("long", false, "keep a thousand runs on real servers, too")

// place is where a history lives, and how a test gets at its files behind the back of the store.
type place struct {
	location string
	path     func(name string) string // as messages name a file
	read     func(name string) []byte
	write    func(name string, text []byte) // whatever is there
	names    func() []string                // of runs and marks
	// knows says whether the place can tell which of two removed a run, where both do at once.
	knows bool
}

func (p place) open() *history.Store { return history.Open(p.location) }

// TestPlaces holds every kind of place to the same promises.
func TestPlaces(t *testing.T) {
	t.Run("folder", func(t *testing.T) {
		conforms(t, func(t *testing.T) place { return inFolder(t, t.TempDir()) })
	})
	t.Run("s3", func(t *testing.T) {
		conforms(t, func(t *testing.T) place { return inS3(t, storetest.NewS3(t)) })
	})
	t.Run("s3 over TLS", func(t *testing.T) { // requests are signed in another way
		s, certificate := storetest.NewTLS(t)
		t.Setenv("SSL_CERT_FILE", certificate)
		placeKeepsRuns(t, inS3(t, s))
	})
	t.Run("real s3", func(t *testing.T) {
		url := storetest.RealS3(t)
		storetest.Setenv(t, storetest.Environment(url))
		n := 0
		conforms(t, func(t *testing.T) place {
			n++
			return inRealS3(t, url, "p"+strings.Repeat("x", n))
		})
	})
	t.Run("postgres", func(t *testing.T) {
		url := storetest.Postgres(t)
		n := 0
		conforms(t, func(t *testing.T) place {
			n++
			return inPostgres(t, url, "p"+strings.Repeat("x", n))
		})
	})
}

func inFolder(t *testing.T, folder string) place {
	return place{
		location: folder, knows: true,
		path:  func(name string) string { return folder + "/" + name },
		read:  func(name string) []byte { return read(t, folder, name) },
		write: func(name string, text []byte) { write(t, folder, name, text) },
		names: func() []string { return files(t, folder) },
	}
}

// named are those of runs and marks.
func named(all []string) []string {
	return slices.DeleteFunc(all, func(name string) bool {
		return !strings.HasSuffix(name, runSuffix) && !strings.HasSuffix(name, markSuffix)
	})
}

func inS3(t *testing.T, s *storetest.S3) place {
	storetest.Setenv(t, storetest.Environment(s.URL))
	const prefix = "a team/nightly/"
	location := "s3://" + storetest.BucketName + "/a team/nightly"
	s.SetObject("a team/nightly/below/20261122T120000Z-aaaaaa.run.json.gz", []byte("the history of others"))
	return place{
		location: location,
		path:     func(name string) string { return location + "/" + name },
		read: func(name string) []byte {
			text, ok := s.Object(prefix + name)
			if !ok {
				t.Fatalf("%s is not there", name)
			}
			return text
		},
		write: func(name string, text []byte) { s.SetObject(prefix+name, text) },
		names: func() []string {
			var names []string
			for _, key := range s.Keys() {
				if name := strings.TrimPrefix(key, prefix); !strings.Contains(name, "/") {
					names = append(names, name)
				}
			}
			return named(names)
		},
	}
}

func inRealS3(t *testing.T, address, prefix string) place {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	client, err := minio.New(u.Host,
		&minio.Options{Creds: credentials.NewStaticV4(storetest.AccessKey, storetest.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	location := "s3://" + storetest.BucketName + "/" + prefix
	return place{
		location: location,
		path:     func(name string) string { return location + "/" + name },
		read: func(name string) []byte {
			object, err := client.GetObject(t.Context(), storetest.BucketName, prefix+"/"+name,
				minio.GetObjectOptions{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(object)
			if err != nil {
				t.Fatal(err)
			}
			return text
		},
		write: func(name string, text []byte) {
			if _, err := client.PutObject(t.Context(), storetest.BucketName, prefix+"/"+name, bytes.NewReader(text),
				int64(len(text)), minio.PutObjectOptions{}); err != nil {
				t.Fatal(err)
			}
		},
		names: func() []string {
			var names []string
			for object := range client.ListObjectsIter(t.Context(), storetest.BucketName,
				minio.ListObjectsOptions{Prefix: prefix + "/"}) {
				if object.Err != nil {
					t.Fatal(object.Err)
				}
				names = append(names, strings.TrimPrefix(object.Key, prefix+"/"))
			}
			return named(names)
		},
	}
}

// inPostgres is a schema of a database.
func inPostgres(t *testing.T, address, schema string) place {
	location := address + "?search_path=" + schema
	conn := connect(t, location)
	exec(t, conn, "CREATE SCHEMA "+schema)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = nil
	table := func(name string) (query map[string]string, key string) {
		if id, ok := strings.CutSuffix(name, runSuffix); ok {
			return map[string]string{
				"read": "SELECT result FROM loadgate_run WHERE id = $1",
				"write": "INSERT INTO loadgate_run SELECT $1, '', '', '', '', '', now(), '', '{}', " +
					"length($2::bytea), $2::bytea ON CONFLICT (id) DO UPDATE SET result = $2",
			}, id
		}
		return map[string]string{
			"read": "SELECT mark FROM loadgate_mark WHERE name = $1",
			"write": "INSERT INTO loadgate_mark SELECT $1, '', now(), '{}', $2::bytea " +
				"ON CONFLICT (name) DO UPDATE SET mark = $2",
		}, name
	}
	return place{
		location: location, knows: true,
		path: func(name string) string { return u.String() + " " + name },
		read: func(name string) (text []byte) {
			query, key := table(name)
			if err := conn.QueryRow(t.Context(), query["read"], key).Scan(&text); err != nil {
				t.Fatal(err)
			}
			return text
		},
		write: func(name string, text []byte) {
			query, key := table(name)
			exec(t, conn, query["write"], key, append([]byte{}, text...))
		},
		names: func() []string {
			rows, err := conn.Query(t.Context(),
				"SELECT id || $1::text FROM loadgate_run UNION ALL SELECT name FROM loadgate_mark ORDER BY 1",
				runSuffix)
			if err != nil {
				t.Fatal(err)
			}
			names, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			return names
		},
	}
}

func connect(t *testing.T, location string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
