package client_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/trace"
)

// A sampled request carries one traceparent and nothing else, a prepared one too, and so does where it is redirected
// to; the others carry none.
func TestTraceparent(t *testing.T) {
	t.Parallel()
	for _, w := range append(ways()[:1], over2()[0]) {
		t.Run(w.name, func(t *testing.T) {
			cfg := w.serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/away" {
					http.Redirect(w, r, "/there", http.StatusFound)
					return
				}
				fmt.Fprintf(w, "%s %q %q", r.URL.Path, r.Header["Traceparent"], r.Header["Tracestate"])
			})
			s := session(t, cfg)
			same := new(client.Prepared)
			source := rand.NewPCG(1, 2)
			for n, target := range []string{"/x", "/x", "/away", "/x"} {
				// Sampled and not in turns, so that what was prepared by one would show in another.
				for _, context := range []trace.Context{{}, trace.Draw(source), {}} {
					req := client.Request{Target: target, Follow: true, KeepBody: true, Trace: context}
					if target == "/x" && n > 0 {
						req.Prepared = same
					}
					path, want := target, `[] []`
					if target == "/away" {
						path = "/there"
					}
					if context.Sampled() {
						want = fmt.Sprintf("[%q] []", context.String())
					}
					if got := string(do(t, s, &req).Body); got != path+" "+want {
						t.Errorf("request %d: the server saw %s, want %s %s", n, got, path, want)
					}
				}
			}
		})
	}
}
