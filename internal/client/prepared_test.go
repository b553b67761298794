package client_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
)

// What a prepared request says is what it would say if it were written out
// each time.
func TestPreparedSaysTheSame(t *testing.T) {
	t.Parallel()
	for _, w := range []way{ways()[0], over2()[0]} {
		t.Run(w.name, func(t *testing.T) { preparedSaysTheSame(t, &w) })
	}
}

func preparedSaysTheSame(t *testing.T, w *way) {
	cfg := w.serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
			return
		case "/cookie":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b", Path: "/"})
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s by %s, x=%q, cookie=%q, %d bytes",
			r.Method, r.URL.Path, r.UserAgent(), r.Header.Get("X"), r.Header.Get("Cookie"), len(body))
	})
	other := cfg
	other.UserAgent = "other"

	header := []client.Field{{Name: "X", Value: "y"}}
	requests := []client.Request{
		{Target: "/x", Header: header},
		{Method: "POST", Target: "/x", Header: header, Body: []byte("data")},
		{Method: "POST", Target: "/x", Body: make([]byte, 100_000)},
		{Method: "POST", Target: "/away", Header: header, Body: []byte("data"), Follow: true},
		{Target: "/cookie", Header: header},
	}
	seen := func(prepared bool) (all []string) {
		for i := range requests {
			req := requests[i]
			req.KeepBody = true
			if prepared {
				req.Prepared = new(client.Prepared)
			}
			// One user twice, one of another client, and the first again.
			first := session(t, cfg)
			for _, s := range []*client.Session{first, first, session(t, other), first} {
				all = append(all, string(do(t, s, &req).Body))
			}
		}
		return all
	}
	if diff := cmp.Diff(seen(false), seen(true)); diff != "" {
		t.Errorf("the server saw (-each time +prepared):\n%s", diff)
	}
}

// A request that HTTP cannot carry is refused each time.
func TestPreparedIsChecked(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: "http://127.0.0.1:9"})
	req := client.Request{Target: "x", Prepared: new(client.Prepared)}
	for range 2 {
		var x client.Exchange
		if s.Do(t.Context(), &req, &x); x.Detail != `path "x" does not begin with a slash; nothing was sent` {
			t.Errorf("Do = %v %q", x.Failure, x.Detail)
		}
	}
}
