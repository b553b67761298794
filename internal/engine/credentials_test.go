package engine_test

import (
	"context"
	"crypto/md5" // #nosec G501 -- what the server asks for
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// digested lets nobody in who does not answer its challenge, and says who came in, by path.
type digested struct {
	passwords map[string]string
	mu        sync.Mutex
	seen      []string
}

var parameter = regexp.MustCompile(`(\w+)="?([^",]*)"?`)

func md5Of(parts ...string) string {
	return fmt.Sprintf("%x", md5.Sum([]byte(strings.Join(parts, ":"))))
}

func (d *digested) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(r.Header.Get("Authorization"), -1) {
		given[m[1]] = m[2]
	}
	user := given["username"]
	want := md5Of(md5Of(user, "shop", d.passwords[user]), given["nonce"], given["nc"], given["cnonce"], "auth",
		md5Of(r.Method, r.URL.RequestURI()))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.passwords[user] == "" || given["nonce"] != "n1" || given["response"] != want {
		d.seen = append(d.seen, "- "+r.URL.Path)
		w.Header().Set("WWW-Authenticate", `Digest realm="shop", nonce="n1", qop="auth"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	d.seen = append(d.seen, user+" "+r.URL.Path)
}

// auth: {digest: …} answers the challenges of a service, by the nearest user and password, drawn ones as well; the
// password is in nothing that is shown.
func TestDigestOfAFile(t *testing.T) {
	service := &digested{passwords: map[string]string{"ada": "Blumen77", "bob": "Gras88"}}
	server := httptest.NewServer(service)
	defer server.Close()
	s, err := thresholds.Decode([]byte(`version: 1
target: {url: "`+server.URL+`", auth: {digest: {username: ada, password: Blumen77}}, ready: {checks: [{get: /up}]}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users:
  g:
    wait: 1s
    vars: {who: bob, word: Gras88}
    steps:
      - GET /a?b=c
      - {request: GET /none, auth: none, expect: status == 401}
      - {request: POST /b, text: x, auth: {digest: {username: '${ who }', password: '${ word }'}}}
      - GET /a2
      - {request: POST /wrong, auth: {digest: {username: '${ who }', password: no}}, expect: status == 401}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Config{BaseURL: s.Target.URL, Allow: s.Target.Allow, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	session := c.Session()
	defer session.Close()
	if err := engine.Ready(context.Background(), s, session, nil); err != nil {
		t.Fatal(err)
	}
	e := engine.Engine{Dial: func(int) engine.Doer { return c.Session() }}
	for _, a := range e.TryOut(context.Background(), p, true) {
		if a.Failure != metric.OK {
			t.Errorf("%s: %s %s", a.Step.Step.Endpoint, a.Failure, a.Detail)
		}
		if shown := fmt.Sprint(a.Header, a.Body, a.Answer, a.URL, a.Detail); strings.Contains(shown, "Blumen77") ||
			strings.Contains(shown, "Gras88") {
			t.Errorf("a password is shown: %s", shown)
		}
	}
	want := "- /up, ada /up, - /a, ada /a, - /none, - /b, bob /b, "
	if got := strings.Join(service.seen, ", "); !strings.HasPrefix(got, want) || !strings.Contains(got, "ada /a2") ||
		strings.Count(got, "bob /wrong") > 0 {
		t.Errorf("came in: %s\nwant first: %s", got, want)
	}
}
