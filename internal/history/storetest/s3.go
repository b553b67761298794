// Package storetest starts servers on which tests keep a history: a small S3 in this process, a
// real one, and a PostgreSQL. It knows nothing of what is kept.
package storetest

import (
	"bytes"
	"encoding/pem"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The credentials and the bucket of every S3 of this package.
const (
	AccessKey  = "storetest-access"
	SecretKey  = "storetest-Secret/Key+word"
	BucketName = "load-tests"
)

// S3 is a server with the documented semantics of what a history asks for, and of nothing else. It
// looks at the access key and not at the signature. Safe for concurrent use.
type S3 struct {
	URL string
	// Before may answer a request in the place of the server. Set it before the first request.
	Before func(w http.ResponseWriter, r *http.Request) (answered bool)
	// Careless: If-None-Match is ignored, as by servers without conditional writes.
	Careless bool

	mu       sync.Mutex
	objects  map[string][]byte // by bucket/key
	requests map[string]int    // by method
	sent     int
}

// NewS3 starts one, which ends with the test.
func NewS3(t testing.TB) *S3 {
	s := &S3{objects: map[string][]byte{}, requests: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// NewTLS starts one with TLS, and returns the file with its certificate.
func NewTLS(t testing.TB) (s *S3, certificate string) {
	t.Helper()
	s = &S3{objects: map[string][]byte{}, requests: map[string]int{}}
	server := httptest.NewUnstartedServer(s)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients leave in the middle of a handshake
	server.StartTLS()
	t.Cleanup(server.Close)
	s.URL = server.URL
	certificate = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(certificate, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return s, certificate
}

// Environment is what a user of the server sets.
func Environment(url string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL_S3": url, "AWS_ACCESS_KEY_ID": AccessKey, "AWS_SECRET_ACCESS_KEY": SecretKey,
		"AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
		"AWS_CONFIG_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
	}
}

// Setenv sets the environment for the test.
func Setenv(t testing.TB, environment map[string]string) {
	for name, value := range environment {
		t.Setenv(name, value)
	}
}

// Object is what is kept under a key of the bucket.
func (s *S3) Object(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, ok := s.objects[BucketName+"/"+key]
	return text, ok
}

// SetObject keeps a content, whatever was there.
func (s *S3) SetObject(key string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[BucketName+"/"+key] = content
}

// Keys are those of the bucket, in order.
func (s *S3) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		keys = append(keys, strings.TrimPrefix(key, BucketName+"/"))
	}
	return keys
}

// Count is how many requests of a method there were, and how many bytes of objects were sent, since the last Count.
func (s *S3) Count(method string) (requests, sent int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests, sent = s.requests[method], s.sent
	s.requests, s.sent = map[string]int{}, 0
	return requests, sent
}

func (s *S3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has gone
	}
	if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		content = unchunked(content)
	}
	if s.Before != nil && s.Before(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[r.Method]++
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case !strings.Contains(r.Header.Get("Authorization"), "Credential="+AccessKey+"/"):
		refuse(w, http.StatusForbidden, "InvalidAccessKeyId",
			"The AWS Access Key Id you provided does not exist in our records.")
	case bucket != BucketName:
		refuse(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	case key == "" && r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		s.list(w, r)
	case r.Method == http.MethodPut && key != "":
		if _, there := s.objects[bucket+"/"+key]; there && r.Header.Get("If-None-Match") == "*" && !s.Careless {
			refuse(w, http.StatusPreconditionFailed, "PreconditionFailed",
				"At least one of the pre-conditions you specified did not hold")
			return
		}
		s.objects[bucket+"/"+key] = content
		w.Header().Set("ETag", `"1"`)
	case r.Method == http.MethodGet:
		s.get(w, r, bucket+"/"+key)
	case r.Method == http.MethodDelete:
		delete(s.objects, bucket+"/"+key)
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusNotImplemented, "NotImplemented", "storetest has no "+r.Method)
	}
}

// unchunked is a content without the lengths and signatures of its parts.
func unchunked(content []byte) []byte {
	var all []byte
	for {
		about, rest, ok := bytes.Cut(content, []byte("\r\n"))
		size, _, _ := strings.Cut(string(about), ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if !ok || err != nil || n == 0 || int(n)+2 > len(rest) {
			return all
		}
		all, content = append(all, rest[:n]...), rest[n+2:]
	}
}

func (s *S3) get(w http.ResponseWriter, r *http.Request, key string) {
	content, there := s.objects[key]
	if !there {
		refuse(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	w.Header().Set("ETag", `"1"`)
	w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
	status, whole := http.StatusOK, len(content)
	if text, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes=0-"); ok {
		last, err := strconv.Atoi(text)
		if err != nil || whole == 0 {
			refuse(w, http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable")
			return
		}
		content, status = content[:min(last+1, whole)], http.StatusPartialContent
		w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(content)-1, whole))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(status)
	n, _ := w.Write(content) // a client that has gone needs none
	s.sent += n
}

type listing struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []object
	CommonPrefixes        []common
}

type object struct {
	Key, LastModified, ETag string
	Size                    int
}

type common struct{ Prefix string }

func (s *S3) list(w http.ResponseWriter, r *http.Request) {
	const most = 1000
	query := r.URL.Query()
	prefix, delimiter, after := query.Get("prefix"), query.Get("delimiter"), query.Get("continuation-token")
	var page listing
	folders := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(s.objects)) {
		key := strings.TrimPrefix(name, BucketName+"/")
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok || key <= after {
			continue
		}
		if below, _, deep := strings.Cut(rest, "/"); deep && delimiter == "/" {
			if !folders[below] {
				page.CommonPrefixes = append(page.CommonPrefixes, common{prefix + below + "/"})
			}
			folders[below] = true
			continue
		}
		if len(page.Contents) == most {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[most-1].Key
			break
		}
		page.Contents = append(page.Contents,
			object{key, "2026-11-22T12:00:00.000Z", `"1"`, len(s.objects[name])})
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(page) // a client that has gone needs none
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(struct { // a client that has gone needs none
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
	}{Code: code, Message: message})
}
