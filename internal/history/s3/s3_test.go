package s3_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/history/s3"
	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/history/storetest"
)

const location = "s3://" + storetest.BucketName + "/nightly"

func TestParse(t *testing.T) {
	for _, row := range []struct{ location, place, want string }{
		{"s3://bkt", "s3://bkt", ""},
		{"s3://bkt/", "s3://bkt", ""},
		{"s3://bkt/a/c/", "s3://bkt/a/c", ""},
		{"s3:///a", "", "it names no bucket"},
		{"s3://b/a", "", `"b" cannot be the name of a bucket`},
		{"s3://My_Bucket!/a", "", "cannot be the name of a bucket"},
		{"s3://", "", "it names no bucket"},
		{"s3://bkt/a/../c", "", "dotted part"},
		{"s3://bkt/a//c", "", "dotted part"},
		{"s3://AKIA:secret-word@bkt/a", "", "credentials do not belong in the URL of a bucket"},
		{"s3://bkt/a?secret=secret-word", "", "only a bucket and a prefix belong in it"},
		{"s3://bkt:9000/a", "", "AWS_ENDPOINT_URL_S3"},
		{"s3://bkt/%zz-secret-word", "", "it is not a URL"},
	} {
		b, err := s3.Parse(row.location, time.Second)
		switch {
		case row.want == "" && (err != nil || b.Place() != row.place):
			t.Errorf("Parse(%q) = %v, %v, want %s", row.location, b, err, row.place)
		case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
			t.Errorf("Parse(%q) = %v, want %s", row.location, err, row.want)
		case err != nil && strings.ContainsAny(err.Error(), "\n"),
			err != nil && strings.Contains(err.Error(), "secret-word"):
			t.Errorf("Parse(%q) shows %v", row.location, err)
		}
	}
}

// begin begins to use the bucket.
func begin(t *testing.T, patience time.Duration) (shelf.Files, error) {
	t.Helper()
	b, err := s3.Parse(location, patience)
	if err != nil {
		t.Fatal(err)
	}
	files, err := b.Begin()
	if err == nil {
		t.Cleanup(files.Close)
	}
	return files, err
}

// Whatever is wrong with a server is one line without credentials, and comes in bounded time.
func TestServersThatFail(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	answers := func(status int, body string) func(*testing.T) string {
		return func(t *testing.T) string {
			s := storetest.NewS3(t)
			s.Before = func(w http.ResponseWriter, r *http.Request) bool {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
				return true
			}
			return s.URL
		}
	}
	for _, row := range []struct {
		name string
		url  func(*testing.T) string
		set  map[string]string
		want string
	}{
		{"nobody listens", func(*testing.T) string { return "http://127.0.0.1:1" }, nil, "connection refused"},
		{"hangs", func(*testing.T) string { return "http://" + silent.Addr().String() }, nil, "no answer within 1s"},
		{"no such bucket", func(t *testing.T) string {
			s := storetest.NewS3(t)
			s.Before = func(w http.ResponseWriter, r *http.Request) bool {
				r.URL.Path = strings.Replace(r.URL.Path, storetest.BucketName, "other", 1)
				return false
			}
			return s.URL
		}, nil, "there is no such bucket"},
		{"wrong key", func(t *testing.T) string { return storetest.NewS3(t).URL },
			map[string]string{"AWS_ACCESS_KEY_ID": "wrong-key"}, "does not exist in our records"},
		{"refused, with the secrets in the answer", answers(403, `<Error><Code>AccessDenied</Code><Message>`+
			storetest.AccessKey+" may not&#10;\x1b[2J"+strings.ReplaceAll(storetest.SecretKey, "/", "%2F")+
			`</Message></Error>`), nil, ""},
		{"refused", answers(403, `<Error><Code>AccessDenied</Code><Message>no&#10;&#x202e;way</Message></Error>`), nil,
			"no \uFFFDway (AccessDenied)"},
		{"no S3", answers(200, "<html>hello"), nil, ""},
		{"not found", answers(404, "<html>not found"), nil, ""},
		{"no key to write", answers(404, "<Error><Code>NoSuchKey</Code></Error>"), nil, "the server answers 404"},
		{"a very long answer", answers(400, "<Error><Code>X</Code><Message>"+strings.Repeat("long ", 9000)+
			"</Message></Error>"), nil, "long long"},
		{"endpoint", func(*testing.T) string { return "localhost:secret-word" }, nil,
			"AWS_ENDPOINT_URL_S3 is no address"},
		{"endpoint with credentials", func(*testing.T) string { return "http://u:secret-word@localhost" }, nil,
			"AWS_ENDPOINT_URL_S3 is no address"},
		{"no credentials", func(t *testing.T) string { return storetest.NewS3(t).URL },
			map[string]string{"AWS_ACCESS_KEY_ID": "", "HOME": "/nonexistent"},
			"no credentials; set AWS_ACCESS_KEY_ID"},
		{"TLS that nobody vouches for", func(t *testing.T) string { s, _ := storetest.NewTLS(t); return s.URL }, nil,
			"certificate"},
	} {
		t.Run(row.name, func(t *testing.T) {
			storetest.Setenv(t, storetest.Environment(row.url(t)))
			storetest.Setenv(t, row.set)
			patience := time.Minute
			if row.name == "hangs" {
				patience = time.Second
			}
			files, err := begin(t, patience)
			if err == nil {
				_, err = files.Names("")
			}
			seen := []error{err}
			if files != nil {
				seen = append(seen, files.Check(),
					files.Create(shelf.File{Name: "a" + shelf.RunSuffix, Content: []byte("a")}))
			}
			for _, err := range seen {
				if _, ok := errors.AsType[*shelf.Error](err); !ok || !strings.Contains(err.Error(), row.want) {
					t.Errorf("got %v (%[1]T), want %s", err, row.want)
					continue
				}
				for _, never := range []string{storetest.SecretKey, storetest.AccessKey, "secret-word", "wrong-key",
					"\n", "\x1b", strings.ReplaceAll(storetest.SecretKey, "/", "%2F")} {
					if strings.Contains(err.Error(), never) {
						t.Errorf("%q is in %q", never, err)
					}
				}
				if len(err.Error()) > 400 {
					t.Errorf("%d bytes: %v", len(err.Error()), err)
				}
			}
		})
	}
}

// A server that lists and then hangs ends a list as soon as one that hangs at once.
func TestAHangingObject(t *testing.T) {
	s := storetest.NewS3(t)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	s.Before = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, shelf.RunSuffix) {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
			return true
		}
		return false
	}
	storetest.Setenv(t, storetest.Environment(s.URL))
	var names []string
	for i := range 300 {
		name := string(rune('a'+i%26)) + strings.Repeat("x", i) + shelf.RunSuffix
		names = append(names, name)
	}
	files, err := begin(t, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := files.Fronts(names); err == nil || !strings.Contains(err.Error(), "no answer within 1s") {
		t.Errorf("Fronts = %v", err)
	}
	// All of them in turn would take 300 seconds, and 32 at once 10.
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("took %s", took)
	}
}

// An answer that breaks off is the server's fault, and says nothing of the object.
func TestAnAnswerThatBreaksOff(t *testing.T) {
	s := storetest.NewS3(t)
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, shelf.RunSuffix) {
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
			_, _ = io.WriteString(w, "the beginning")
			return true
		}
		return false
	}
	storetest.Setenv(t, storetest.Environment(s.URL))
	files, err := begin(t, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	_, err = files.Fronts([]string{"a" + shelf.RunSuffix})
	if _, ok := errors.AsType[*shelf.Error](err); !ok {
		t.Errorf("Fronts = %v, want an error of the server", err)
	}
	body, _, err := files.Open("a" + shelf.RunSuffix)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(body)
	if _, ok := errors.AsType[*shelf.Error](err); !ok {
		t.Errorf("Open = %v, want an error of the server", err)
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
}

// A server without conditional writes is refused: it would overwrite.
func TestAServerThatOverwrites(t *testing.T) {
	s := storetest.NewS3(t)
	s.Careless = true
	storetest.Setenv(t, storetest.Environment(s.URL))
	files, err := begin(t, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	const want = "the server ignores If-None-Match"
	if err := files.Check(); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("Check = %v, want %s", err, want)
	}
	err = files.Create(shelf.File{Name: "a" + shelf.RunSuffix})
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("Create = %v, want %s", err, want)
	}
}

// Where the answer to a write is lost, the second try finds the object of the first.
func TestALostAnswer(t *testing.T) {
	s := storetest.NewS3(t)
	lost := false
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, shelf.RunSuffix) || lost {
			return false
		}
		lost = true
		s.SetObject("nightly/a"+shelf.RunSuffix, []byte("mine"))
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	storetest.Setenv(t, storetest.Environment(s.URL))
	files, err := begin(t, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := files.Create(shelf.File{Name: "a" + shelf.RunSuffix, Content: []byte("mine")}); err != nil || !lost {
		t.Errorf("Create = %v, lost %v", err, lost)
	}
	err = files.Create(shelf.File{Name: "a" + shelf.RunSuffix, Content: []byte("other")})
	if !errors.Is(err, os.ErrExist) {
		t.Errorf("Create of another = %v, want ErrExist", err)
	}
}

// The credentials of a profile are found as by other tools.
func TestProfiles(t *testing.T) {
	s := storetest.NewS3(t)
	storetest.Setenv(t, storetest.Environment(s.URL))
	path := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(path, []byte("[ci]\naws_access_key_id = "+storetest.AccessKey+
		"\naws_secret_access_key = "+storetest.SecretKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	storetest.Setenv(t, map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
		"AWS_SHARED_CREDENTIALS_FILE": path, "AWS_PROFILE": "ci"})
	files, err := begin(t, time.Minute)
	if err == nil {
		err = files.Check()
	}
	if err != nil {
		t.Error(err)
	}
}
