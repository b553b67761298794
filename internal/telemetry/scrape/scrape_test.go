package scrape_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/telemetry/scrape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func page(accept string, begin func(string) io.Writer) error {
	_, err := io.WriteString(begin("text/plain; of="+accept), "up 1\n")
	return err
}

func TestHandler(t *testing.T) {
	for _, tt := range []struct {
		listens, method, host, path string
		want                        int
	}{
		{"127.0.0.1", "GET", "127.0.0.1:9464", "/metrics", 200},
		{"127.0.0.1", "GET", "localhost:9464", "/metrics", 200},
		{"127.0.0.1", "GET", "LOCALHOST", "/metrics", 200},
		{"127.0.0.1", "GET", "[::1]:9464", "/metrics", 200},
		{"127.0.0.1", "GET", "evil.example:9464", "/metrics", 403},
		{"127.0.0.1", "GET", "127.0.0.1.evil.example", "/metrics", 403},
		{"127.0.0.1", "GET", "localhost.evil.example", "/metrics", 403},
		{"127.0.0.1", "GET", "", "/metrics", 403},
		{"runner.example", "GET", "runner.example:9464", "/metrics", 200},
		{"0.0.0.0", "GET", "10.0.0.7:9464", "/metrics", 200},
		{"0.0.0.0", "GET", "evil.example:9464", "/metrics", 403},
		{"127.0.0.1", "POST", "127.0.0.1:9464", "/metrics", 405},
		{"127.0.0.1", "DELETE", "127.0.0.1:9464", "/metrics", 405},
		{"127.0.0.1", "GET", "127.0.0.1:9464", "/", 404},
		{"127.0.0.1", "GET", "127.0.0.1:9464", "/metrics/../x", 307},
	} {
		r := httptest.NewRequest(tt.method, "http://x"+tt.path, nil)
		r.Host = tt.host
		r.Header.Set("Accept", "a")
		w := httptest.NewRecorder()
		scrape.Handler(tt.listens, page).ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s %s of %q at %s: %d, want %d", tt.method, tt.path, tt.host, tt.listens, w.Code, tt.want)
		}
		right := w.Body.String() == "up 1\n" && w.Header().Get("Content-Type") == "text/plain; of=a"
		if right != (tt.want == 200) {
			t.Errorf("%s %s of %q: %q, %v", tt.method, tt.path, tt.host, w.Body, w.Header())
		}
	}
	w := httptest.NewRecorder()
	broken := func(string, func(string) io.Writer) error { return errors.New("secret") }
	scrape.Handler("127.0.0.1", broken).ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1/metrics", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("a page that cannot be written: %d %q", w.Code, w.Body)
	}
}

func TestListen(t *testing.T) {
	s, err := scrape.Listen(t.Context(), "127.0.0.1:0", page)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	defer http.DefaultClient.CloseIdleConnections()
	res, err := http.Get("http://" + s.Address() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, err := io.ReadAll(res.Body); string(text) != "up 1\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if second, err := scrape.Listen(t.Context(), s.Address(), page); err == nil {
		second.Close()
		t.Error("two servers listen at one address")
	}
}

func TestCheckAddress(t *testing.T) {
	for _, good := range []string{"127.0.0.1:9464", "localhost:0", "[::1]:9464", "0.0.0.0:80"} {
		if err := scrape.CheckAddress(good); err != nil {
			t.Errorf("CheckAddress(%q) = %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"9464":            "it is no address to listen at; write one such as 127.0.0.1:9464",
		"127.0.0.1":       "it is no address to listen at; write one such as 127.0.0.1:9464",
		"127.0.0.1:":      "it is no address to listen at; write one such as 127.0.0.1:9464",
		"127.0.0.1:http":  "it is no address to listen at; write one such as 127.0.0.1:9464",
		"http://[::1]:80": "it is no address to listen at; write one such as 127.0.0.1:9464",
		":9464": "it does not say for whom; write 127.0.0.1:9464 for this machine alone, or 0.0.0.0:9464 for every " +
			"network that it is in",
	} {
		if err := scrape.CheckAddress(bad); err == nil || err.Error() != want {
			t.Errorf("CheckAddress(%q) = %v", bad, err)
		}
	}
}
