package notify_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/notify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secretPath is what no output may hold.
const secretPath = "/services/T000/B000/wJalrXUtnFEMI"

// server answers in turn what it is given, the last of them for ever, and
// counts.
func server(t *testing.T, answers ...http.HandlerFunc) (url string, count *atomic.Int64) {
	t.Helper()
	count = new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(count.Add(1))
		answers[min(n, len(answers))-1](w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, count
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// client waits for nothing between attempts.
func client(t *testing.T) *notify.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &notify.Client{Transport: transport, Wait: time.Nanosecond}
}

// formatOf is the format of a name.
func formatOf(t *testing.T, name string) notify.Format {
	t.Helper()
	for _, f := range notify.Formats() {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no format %s", name)
	return notify.Format{}
}

func webhook(t *testing.T, address string) notify.Receiver {
	t.Helper()
	w, err := formatOf(t, "json").Receiver(address, "")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// silent fails where a text gives a secret away.
func silent(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%q holds the secret %q", text, s)
		}
	}
}
