package notify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/notify"
)

func TestPost(t *testing.T) {
	later := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	forever := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("ok"))
		panic(http.ErrAbortHandler)
	}
	elsewhere := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://other.example.org"+r.URL.Path, http.StatusTemporaryRedirect)
	}
	here := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/moved", http.StatusTemporaryRedirect)
	}
	asGet := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/moved", http.StatusFound) }
	tests := []struct {
		name     string
		answers  []http.HandlerFunc
		status   int // 0: taken, or no answer
		requests int64
		want     string // in the error; empty: none
	}{
		{"taken", []http.HandlerFunc{status(200, "ok")}, 0, 1, ""},
		{"accepted", []http.HandlerFunc{status(202, "")}, 0, 1, ""},
		{"busy once", []http.HandlerFunc{later, status(200, "ok")}, 0, 2, ""},
		{"broken twice", []http.HandlerFunc{status(500, ""), status(503, ""), status(200, "ok")}, 0, 3, ""},
		{"cut once", []http.HandlerFunc{cut, status(200, "ok")}, 0, 2, ""},
		{"broken for good", []http.HandlerFunc{status(500, secretPath)},
			500, 4, "500 Internal Server Error (tried 4 times)"},
		{"busy for a day", []http.HandlerFunc{forever}, 429, 1, "429 Too Many Requests"},
		{"forbidden", []http.HandlerFunc{status(403, "invalid_token")}, 403, 1, "403 Forbidden: invalid_token"},
		{"talkative", []http.HandlerFunc{status(404, "no hook at "+secretPath)}, 404, 1, "404 Not Found"},
		{"not a body", []http.HandlerFunc{status(400, "wJalrXUtnFEMI")}, 400, 1, "400 Bad Request"},
		{"another host", []http.HandlerFunc{elsewhere}, 307, 1, "it redirects"},
		{"the same host", []http.HandlerFunc{here, status(200, "ok")}, 0, 2, ""},
		{"another method", []http.HandlerFunc{asGet}, 302, 1, "it redirects"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address, count := server(t, test.answers...)
			to := webhook(t, address+secretPath+"?sig=AbCdEfGh123")
			err := client(t).SendEvent(t.Context(), to, notify.Event{}, "")
			if got := count.Load(); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
			if test.want == "" {
				if err != nil {
					t.Errorf("SendEvent() = %v, want nil", err)
				}
				return
			}
			var refused *notify.Error
			if !errors.As(err, &refused) || refused.Status != test.status || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("SendEvent() = %v, want status %d and %q", err, test.status, test.want)
			}
			silent(t, err.Error()+fmt.Sprintf("%#v", refused), secretPath, "wJalrXUtnFEMI", "AbCdEfGh123")
		})
	}
}

// The body arrives whole at every attempt.
func TestPostBody(t *testing.T) {
	var bodies []string
	keep := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			bodies = append(bodies, r.Header.Get("Content-Type")+" "+string(body))
			w.WriteHeader(code)
		}
	}
	address, _ := server(t, keep(502), keep(200))
	if err := client(t).SendEvent(t.Context(), webhook(t, address+secretPath), notify.Event{Key: "k"}, ""); err != nil {
		t.Fatal(err)
	}
	if len(bodies) != 2 || !strings.HasPrefix(bodies[0], `application/json {"schema":"loadgate.alert/1"`) ||
		bodies[1] != bodies[0] {
		t.Errorf("bodies = %q", bodies)
	}
}

// transport is a wire that answers as it is told.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(code int, header http.Header) *http.Response {
	return &http.Response{StatusCode: code, Header: header, Body: io.NopCloser(strings.NewReader(""))}
}

func TestPostTime(t *testing.T) {
	hook := webhook(t, "https://hooks.example.org"+secretPath)
	silence := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	refuse := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
	proxy := func(*http.Request) (*http.Response, error) {
		return nil, errors.New(`invalid proxy address "http://u:pass@[": missing ']' in host`)
	}
	busy := func(start time.Time) transport {
		return func(*http.Request) (*http.Response, error) {
			if time.Since(start) < 20*time.Second {
				return answer(429, http.Header{"Retry-After": {"20"}}), nil
			}
			return answer(200, nil), nil
		}
	}
	until := func(start time.Time) transport {
		return func(*http.Request) (*http.Response, error) {
			if time.Since(start) < 7*time.Second {
				return answer(503,
					http.Header{"Retry-After": {start.UTC().Add(7 * time.Second).Format(http.TimeFormat)}}), nil
			}
			return answer(200, nil), nil
		}
	}
	tests := []struct {
		name        string
		wire        func(time.Time) transport
		least, most time.Duration
		want        string
	}{
		{"no answer", func(time.Time) transport { return silence },
			40 * time.Second, 60 * time.Second, "hooks.example.org: no answer in time (tried 4 times)"},
		{"refused", func(time.Time) transport { return refuse },
			2 * time.Second, 15 * time.Second, "hooks.example.org: connection refused (tried 4 times)"},
		{"lost proxy", func(time.Time) transport { return proxy }, 2 * time.Second,
			15 * time.Second, "hooks.example.org: the address of the proxy cannot be read (tried 4 times)"},
		{"told how long", busy, 20 * time.Second, 21 * time.Second, ""},
		{"told until when", until, 7 * time.Second, 8 * time.Second, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				c := notify.Client{Transport: test.wire(start)}
				err := c.SendEvent(t.Context(), hook, notify.Event{}, "")
				if passed := time.Since(start); passed < test.least || passed > test.most {
					t.Errorf("SendEvent() took %v, want %v to %v", passed, test.least, test.most)
				}
				switch {
				case test.want == "" && err != nil, test.want != "" && (err == nil || err.Error() != test.want):
					t.Errorf("SendEvent() = %v, want %q", err, test.want)
				}
			})
		})
	}
}

func TestPostInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		c := notify.Client{Transport: transport(
			func(*http.Request) (*http.Response, error) { return answer(503, nil), nil }), Wait: time.Minute / 2}
		err := c.SendEvent(ctx, webhook(t, "https://hooks.example.org"+secretPath), notify.Event{}, "")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("SendEvent() = %v, want the error of its context", err)
		}
	})
}

func TestReceiver(t *testing.T) {
	for _, text := range []string{"", "hooks.example.org" + secretPath, "ftp://h" + secretPath,
		"https://" + secretPath, "https://h:x" + secretPath, "https://h/%zz" + secretPath} {
		_, err := formatOf(t, "slack").Receiver(text, "")
		if err == nil {
			t.Errorf("Receiver(%q) = nil, want an error", text)
			continue
		}
		silent(t, err.Error(), secretPath)
	}
	w := webhook(t, "https://user:password@hooks.example.org"+secretPath)
	if got := fmt.Sprintf("%v %+v %#v %s", w, w, w,
		w); got != strings.TrimSpace(strings.Repeat("hooks.example.org ", 4)) {
		t.Errorf("a webhook prints as %s", got)
	}
}
