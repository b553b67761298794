package push_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/loadgate/loadgate/internal/telemetry/push"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// variables are an environment.
type variables map[string]string

func (v variables) get(name string) (string, bool) { value, ok := v[name]; return value, ok }

func read(t *testing.T, flag string, v variables) push.Settings {
	t.Helper()
	s, on, notes, err := push.Read(flag, v.get)
	if err != nil || !on || notes != nil {
		t.Fatalf("Read(%q) = %v, %q, %v", flag, on, notes, err)
	}
	return s
}

func TestRead(t *testing.T) {
	const all, metrics = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
	for _, tt := range []struct {
		name, flag string
		v          variables
		url, from  string // "": off
		note       string
	}{
		{name: "nothing"},
		{name: "the flag", flag: "http://localhost:4318", url: "http://localhost:4318/v1/metrics", from: "--otlp"},
		{name: "the flag with a path", flag: "https://p.example/api/v1/otlp/",
			url: "https://p.example/api/v1/otlp/v1/metrics", from: "--otlp"},
		{name: "the flag with the whole path", flag: "http://localhost:4318/v1/metrics",
			url: "http://localhost:4318/v1/metrics", from: "--otlp"},
		{name: "one for all signals", v: variables{all: "http://c:4318/x"}, url: "http://c:4318/x/v1/metrics",
			from: all},
		{name: "one for metrics", v: variables{all: "http://c:4318", metrics: "http://m:4318/as/is"},
			url: "http://m:4318/as/is", from: metrics},
		{name: "one for metrics without a path", v: variables{metrics: "http://m:4318"}, url: "http://m:4318/",
			from: metrics},
		{name: "an empty one", v: variables{all: ""}},
		{name: "switched off", v: variables{all: "http://c:4318", "OTEL_SDK_DISABLED": "True"}},
		{name: "not switched off", v: variables{all: "http://c:4318", "OTEL_SDK_DISABLED": "yes"},
			url: "http://c:4318/v1/metrics", from: all},
		{name: "no metrics", v: variables{all: "http://c:4318", "OTEL_METRICS_EXPORTER": "none"}},
		{name: "the flag wins", flag: "http://localhost:4318",
			v:   variables{all: "http://c:4318", "OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
			url: "http://localhost:4318/v1/metrics", from: "--otlp"},
		{name: "gRPC", v: variables{all: "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
			note: `no metrics are pushed: OTEL_EXPORTER_OTLP_PROTOCOL asks for "grpc", and loadgate speaks ` +
				`http/protobuf alone; set --otlp to an address of that, such as http://localhost:4318`},
		{name: "JSON", v: variables{all: "http://c:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
			"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/json"},
			note: `no metrics are pushed: OTEL_EXPORTER_OTLP_METRICS_PROTOCOL asks for "http/json", and loadgate ` +
				`speaks http/protobuf alone; set --otlp to an address of that, such as http://localhost:4318`},
		{name: "no address", v: variables{all: "collector:secret"},
			note: "no metrics are pushed: " + all + ": it is no address of a collector; write one such as " +
				"http://localhost:4318"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, on, notes, err := push.Read(tt.flag, tt.v.get)
			if err != nil || on != (tt.url != "") || strings.Join(notes, "\n") != tt.note {
				t.Fatalf("Read = %v, %q, %v; want %q", on, notes, err, tt.note)
			}
			if on && (s.URL.String() != tt.url || s.From != tt.from) {
				t.Errorf("%s by %s; want %s by %s", s.URL, s.From, tt.url, tt.from)
			}
		})
	}
	for _, bad := range []string{"localhost:4318", "ftp://h", "http://", "http://h?token=secret", "http://[::1", "x"} {
		if _, _, _, err := push.Read(bad, variables{}.get); err == nil || !strings.HasPrefix(err.Error(), "--otlp: ") ||
			strings.Contains(err.Error(), "secret") {
			t.Errorf("Read(%q) = %v", bad, err)
		}
	}
}

func TestReadWhatIsAdded(t *testing.T) {
	const flag = "http://localhost:4318"
	s := read(t, flag, variables{
		"OTEL_EXPORTER_OTLP_HEADERS":                        "api-key=other",
		"OTEL_EXPORTER_OTLP_METRICS_HEADERS":                "Authorization=Bearer%20a%2Cb=, x-scope = 1 ,",
		"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "LowMemory",
		"OTEL_RESOURCE_ATTRIBUTES":                          "team=a%20b,service.name=x,a%3Db=c%2Cd+e",
		"OTEL_SERVICE_NAME":                                 "checkout",
	})
	if diff := cmp.Diff(map[string]string{"Authorization": "Bearer a,b=", "x-scope": "1"}, s.Header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	want := []push.Pair{{"team", "a b"}, {"service.name", "x"}, {"a=b", "c,d+e"}, {"service.name", "checkout"}}
	if diff := cmp.Diff(want, s.Resource); diff != "" || !s.Delta {
		t.Errorf("delta %v, resource (-want +got):\n%s", s.Delta, diff)
	}
	if read(t, flag, variables{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "cumulative"}).Delta {
		t.Error("cumulative is delta")
	}
	// What cannot be read is left out as a whole, and said without its value.
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_HEADERS":                        "a=secret,b=secret%zz",
		"OTEL_EXPORTER_OTLP_METRICS_HEADERS":                "a=secret%0d%0ax: 1",
		"OTEL_RESOURCE_ATTRIBUTES":                          "a=secret,secret",
		"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "often",
	} {
		s, on, notes, err := push.Read(flag, variables{name: value}.get)
		if !on || err != nil || len(notes) != 1 || !strings.HasPrefix(notes[0], name+" is not used: ") ||
			strings.Contains(notes[0], "secret") || len(s.Header)+len(s.Resource) > 0 || s.Delta {
			t.Errorf("%s=%s: %v, %q, %v, %v", name, value, on, notes, err, s)
		}
	}
}

// partly is the answer of a collector that did not take so many values.
func partly(rejected uint64) string {
	inner := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), rejected)
	return string(protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), inner))
}

// status is a google.rpc.Status.
func status(text string) string {
	code := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 3)
	return string(protowire.AppendString(protowire.AppendTag(code, 2, protowire.BytesType), text))
}

func TestPush(t *testing.T) {
	const binary, plain = "application/x-protobuf", "text/plain; charset=utf-8"
	for _, tt := range []struct {
		name       string
		status     int
		kind, body string
		then       int // the status of the second answer; 0: there must be none
		rejected   int64
		err        string // after the host
	}{
		{name: "taken", status: 200},
		{name: "taken, in part", status: 200, kind: binary, body: partly(7), rejected: 7},
		{name: "taken, with an answer that is none", status: 202, body: "ok\xff"},
		{name: "too much at once", status: 429, then: 200},
		{name: "a bad gateway", status: 502, then: 200},
		{name: "busy", status: 503, then: 204},
		{name: "a slow gateway", status: 504, then: 200},
		{name: "busy, then refused", status: 503, then: 401, err: "401 Unauthorized"},
		{name: "delta for Prometheus", status: 500, kind: plain, body: "invalid temporality and type\nstack",
			err: "500 Internal Server Error: invalid temporality and type"},
		{name: "a bad request", status: 400, kind: binary, body: status("no \x1b[2J resource"),
			err: "400 Bad Request: no �[2J resource"},
		{name: "another page", status: 404, kind: "text/html", body: "<h1>", err: "404 Not Found"},
		{name: "a redirect", status: 307, err: "307 Temporary Redirect"},
		{name: "the secret comes back", status: 403, kind: plain, body: "no such token: s3cr3t-t0ken",
			err: "403 Forbidden: no such token: ***"},
		{name: "not implemented", status: 501, err: "501 Not Implemented"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n := asked.Add(1)
				body, err := gzip.NewReader(r.Body)
				var text []byte
				if err == nil {
					text, err = io.ReadAll(body)
				}
				if r.Method != http.MethodPost || r.URL.Path != "/v1/metrics" || string(text) != "message" ||
					err != nil || r.Header.Get("Content-Type") != binary ||
					r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("User-Agent") != "loadgate" ||
					r.Header.Get("Authorization") != "Bearer s3cr3t-t0ken" {
					t.Errorf("%s %s %q %v %v", r.Method, r.URL, text, err, r.Header)
				}
				if n == 2 {
					w.WriteHeader(tt.then)
					return
				}
				w.Header().Set("Location", "/elsewhere")
				w.Header().Set("Content-Type", tt.kind)
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}))
			defer server.Close()
			c := push.New(read(t, server.URL,
				variables{"OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20s3cr3t-t0ken"}))
			defer c.Close()
			rejected, err := c.Push(t.Context(), []byte("message"))
			want := int64(1)
			if tt.then != 0 {
				want = 2
			}
			if asked.Load() != want || rejected != tt.rejected {
				t.Errorf("asked %d times, want %d; %d rejected, want %d", asked.Load(), want, rejected, tt.rejected)
			}
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), strings.TrimPrefix(server.URL, "http://")+": ")
			}
			if got != tt.err {
				t.Errorf("Push: %q, want %q", got, tt.err)
			}
		})
	}
}

// No message takes longer than two seconds, whatever the collector does.
func TestPushIsBounded(t *testing.T) {
	answer := func(w net.Conn, text string) { _, _ = io.WriteString(w, text) }
	for name, serve := range map[string]func(net.Conn){
		"silent": func(net.Conn) {},
		"busy": func(c net.Conn) {
			answer(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			_ = c.Close()
		},
		"come back in a minute": func(c net.Conn) {
			answer(c, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n")
		},
		"an endless answer": func(c net.Conn) {
			answer(c, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n")
		},
		"hangs up": func(c net.Conn) { _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var group sync.WaitGroup
			group.Go(func() {
				for {
					c, err := listener.Accept()
					if err != nil {
						return
					}
					defer c.Close()
					serve(c)
				}
			})
			defer func() { _ = listener.Close(); group.Wait() }()
			c := push.New(read(t, "http://"+listener.Addr().String(), nil))
			defer c.Close()
			began := time.Now()
			if _, err := c.Push(t.Context(), []byte("message")); err == nil {
				t.Error("Push = nil, want an error")
			}
			if took := time.Since(began); took > 30*time.Second { // far beyond what a busy machine adds
				t.Errorf("took %s", took)
			}
		})
	}
}

// A run that ends does not wait for a push.
func TestPushEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		c := push.New(read(t, "http://127.0.0.1:1", nil))
		began := time.Now()
		const want = "127.0.0.1:1: no answer before the end"
		if _, err := c.Push(ctx, nil); err == nil || err.Error() != want || time.Since(began) > 0 {
			t.Errorf("Push = %v after %s", err, time.Since(began))
		}
	})
}

// Nothing that a collector says can break the one line.
func FuzzAnswer(f *testing.F) {
	f.Add("text/plain", "too much", 400)
	f.Add("application/x-protobuf", status("a\x00b"), 400)
	f.Add("application/x-protobuf", partly(1<<63), 200)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.Header.Get("X-Kind"))
		var code int
		_, _ = fmt.Sscan(r.Header.Get("X-Status"), &code)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, strings.TrimPrefix(r.URL.Path, "/"))
	}))
	f.Cleanup(server.Close)
	f.Fuzz(func(t *testing.T, kind, body string, code int) {
		if code < 200 || code > 499 || code == 429 {
			return
		}
		s, on, _, err := push.Read(server.URL, variables{}.get)
		if err != nil || !on {
			t.Fatal(err)
		}
		s.URL.Path = "/" + body
		s.Header = map[string]string{"X-Kind": strings.ToValidUTF8(kind, ""), "X-Status": fmt.Sprint(code)}
		c := push.New(s)
		defer c.Close()
		rejected, err := c.Push(t.Context(), nil)
		if rejected < 0 || err != nil && strings.ContainsAny(err.Error(), "\n\r\x1b\x00") {
			t.Errorf("Push = %d, %v", rejected, err)
		}
	})
}
