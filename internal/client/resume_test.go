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
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, r.TLS.DidResume)
			}))
			srv.TLS = &tls.Config{MaxVersion: version}
			srv.StartTLS()
			t.Cleanup(srv.Close)
			c, err := client.New(client.Config{BaseURL: srv.URL, Allow: loopback, TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig})
			if err != nil {
				t.Fatal(err)
			}
			for user := range 2 {
				s := c.Session()
				for connection, want := range []string{"false", "true", "true"} {
					if x := do(t, s, &client.Request{KeepBody: true}); string(x.Body) != want || x.Connects != 1 {
						t.Errorf("user %d, connection %d: resumed %s with %d connects, want %s and 1", user, connection, x.Body, x.Connects, want)
					}
					s.Close()
				}
			}
		})
	}
}
