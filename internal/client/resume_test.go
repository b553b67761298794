package client_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
)

// A user that connects again takes up its TLS session; a new user does not
// find that of another.
func TestUserResumesItsOwnTLSSession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		version uint16
		http2   bool
	}{{tls.VersionTLS12, false}, {tls.VersionTLS13, false}, {tls.VersionTLS12, true}, {tls.VersionTLS13, true}} {
		t.Run(fmt.Sprintf("%s, HTTP/2 %v", tls.VersionName(tt.version), tt.http2), func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, r.TLS.DidResume)
			}))
			srv.TLS = &tls.Config{MaxVersion: tt.version}
			srv.EnableHTTP2 = tt.http2
			srv.StartTLS()
			t.Cleanup(srv.Close)
			c, err := client.New(client.Config{BaseURL: srv.URL,
				Allow: loopback, TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig})
			if err != nil {
				t.Fatal(err)
			}
			for user := range 2 {
				s := c.Session()
				for connection, want := range []string{"false", "true", "true"} {
					if x := do(t, s, &client.Request{KeepBody: true}); string(x.Body) != want || x.Connects != 1 {
						t.Errorf("user %d, connection %d: resumed %s with %d connects, want %s and 1",
							user, connection, x.Body, x.Connects, want)
					}
					s.Close()
				}
			}
		})
	}
}
