package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
)

// What a service sets comes back byte for byte, over every protocol.
func TestCookiesComeBackOverEveryProtocol(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		s := session(t, w.serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Cookie", strings.Join(r.Header["Cookie"], "|"))
			w.Header()["Set-Cookie"] = []string{`a="b\"c"; Path=/`, "b=gr\u00fc\u00df; Path=/"}
		}))
		do(t, s, &client.Request{})
		want := "a=\"b\\\"c\"; b=gr\u00fc\u00df"
		if got := do(t, s, &client.Request{}).Header("X-Cookie"); got != want {
			t.Errorf("%s: %q is sent, want %q", w.name, got, want)
		}
		if got := s.Cookie("a"); got != `b\"c` {
			t.Errorf("%s: Cookie(a) = %q", w.name, got)
		}
	}
}
