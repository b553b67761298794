package client_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/client/digest"
	"github.com/loadgate/loadgate/internal/metric"
)

const challengeEmpty = "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest nonce=n\r\nContent-Length: 0\r\n\r\n"

var ann = digest.Credentials{User: "ann", Password: "open sesame"}

func TestDigest(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		for _, g := range []*guard{{quality: "auth,auth-int"}, {}, {algorithm: "MD5", quality: "auth"},
			{algorithm: "MD5-sess", quality: "auth"}, {algorithm: "SHA-256", quality: "auth"},
			{algorithm: "SHA-256-sess", quality: "auth"}, {algorithm: "SHA-512-256", quality: "auth-int, auth",
				more: ", charset=UTF-8, domain=\"/ /x\""}} {
			t.Run(w.name+" "+g.algorithm+" "+g.quality, func(t *testing.T) {
				t.Parallel()
				answersChallenges(t, &w, g)
			})
		}
	}
}

func answersChallenges(t *testing.T, w *way, g *guard) {
	cfg := w.serve(t, g.ServeHTTP)
	if !strings.HasPrefix(cfg.BaseURL, "http+unix") {
		cfg.BaseURL = strings.Replace(cfg.BaseURL, "://", "://u:p@", 1) // which is for Basic, and not sent
	}
	s := session(t, cfg)
	who := ann
	req := &client.Request{Method: "POST", Target: `/a b/"\?x=ü`, Body: []byte("data"), KeepBody: true, Digest: &who,
		Header: []client.Field{{Name: "Authorization", Value: "mine"}}, Prepared: new(client.Prepared)}
	x := do(t, s, req)
	if x.Status != 200 || x.Hops != 1 || x.Connects != 1 || x.Retries != 0 ||
		!strings.HasPrefix(string(x.Body), "POST ") || !strings.HasSuffix(string(x.Body), `body="data"`) {
		t.Errorf("first: status %d, %d hops, %d connects, %q", x.Status, x.Hops, x.Connects, x.Body)
	}
	if x.Sent.After(g.first) || x.Sample != nil {
		t.Errorf("sent %v after the first request came, sample %q", x.Sent.Sub(g.first), x.Sample)
	}
	if got := g.saw(t); got != "bare, let in" {
		t.Errorf("first: the server saw %s", got)
	}
	for range 3 { // the guard holds their counts against each other
		if x := do(t, s, req); x.Status != 200 || x.Hops != 0 || x.Connects != 0 {
			t.Errorf("later: status %d, %d hops, %d connects", x.Status, x.Hops, x.Connects)
		}
	}
	if x := do(t, s, &client.Request{Digest: &digest.Credentials{User: "ann", Password: "no"}}); x.Status != 401 ||
		x.Hops != 1 || string(x.Sample) != "who are you?" {
		t.Errorf("wrong password: status %d, %d hops, sample %q", x.Status, x.Hops, x.Sample)
	}
	if got := g.saw(t); got != "let in, let in, let in, bare, refused" {
		t.Errorf("later: the server saw %s", got)
	}
	// Without credentials a 401 is an answer as any other.
	if x := do(t, s, &client.Request{}); x.Status != 401 || x.Hops != 0 {
		t.Errorf("without credentials: status %d, %d hops", x.Status, x.Hops)
	}
	if x := do(t, s, req); x.Status != 200 || x.Hops != 0 {
		t.Errorf("after others: status %d, %d hops", x.Status, x.Hops)
	}
	g.saw(t)
}

func TestDigestOfStaleNonces(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		g := &guard{quality: "auth", uses: 2}
		s := session(t, w.serve(t, g.ServeHTTP))
		for n := range 7 {
			x := do(t, s, &client.Request{Digest: &ann})
			if want := (n + 1) % 2; x.Status != 200 || x.Hops != want {
				t.Errorf("%s: request %d: status %d, %d hops, want %d", w.name, n, x.Status, x.Hops, want)
			}
		}
		if got := g.saw(t); strings.Count(got, "bare") != 1 || strings.Count(got, "stale") != 3 {
			t.Errorf("%s: the server saw %s", w.name, got)
		}
		old := &guard{quality: "auth", alwaysOld: true}
		s = session(t, w.serve(t, old.ServeHTTP))
		for range 2 { // the first is asked for its name, the second is not known any more
			if x := do(t, s, &client.Request{Digest: &ann}); x.Status != 401 || x.Hops != 2 {
				t.Errorf("%s: status %d, %d hops; want 401 after two answers", w.name, x.Status, x.Hops)
			}
		}
		if got := old.saw(t); got != "bare, stale, stale, bare, stale, stale" {
			t.Errorf("%s: the server saw %s", w.name, got)
		}
	}
}

// Credentials go to the origin that they are for, through its own redirects, and to no other.
func TestDigestStaysAtHome(t *testing.T) {
	t.Parallel()
	for _, w := range ways()[:5] { // a socket has no URL to be led back to
		g, other := &guard{quality: "auth"}, &guard{quality: "auth"}
		cfg, away := w.serve(t, g.ServeHTTP), w.serve(t, other.ServeHTTP).BaseURL
		home := cfg.BaseURL
		for _, tt := range []struct {
			target     string
			status     int
			hops       int
			saw, there string
		}{
			{"/302?to=/x", 200, 2, "bare, let in, let in", ""},
			{"/307?to=" + away + "/x", 401, 2, "bare, let in", "bare"},
			{"/307?to=" + away + "/x&then=" + home, 401, 2, "bare, let in", "bare"},
		} {
			s := session(t, cfg)
			x := do(t, s, &client.Request{Method: "POST", Target: tt.target, Body: []byte("x"), Follow: true,
				Digest: &ann})
			if x.Status != tt.status || x.Hops != tt.hops {
				t.Errorf("%s: %s: status %d, %d hops; want %d, %d",
					w.name, tt.target, x.Status, x.Hops, tt.status, tt.hops)
			}
			if got, there := g.saw(t), other.saw(t); got != tt.saw || there != tt.there {
				t.Errorf("%s: %s: %q at home, %q elsewhere; want %q, %q",
					w.name, tt.target, got, there, tt.saw, tt.there)
			}
		}
		// Ten redirects are followed as without challenges.
		s := session(t, cfg)
		target := "/x"
		for range 10 {
			target = "/302?to=" + strings.NewReplacer("%", "%25", "?", "%3f", "=", "%3d").Replace(target)
		}
		if x := do(t, s, &client.Request{Target: target, Follow: true, Digest: &ann}); x.Status != 200 || x.Hops != 11 {
			t.Errorf("%s: status %d, %d hops; want 200 after 11", w.name, x.Status, x.Hops)
		}
		g.saw(t)
	}
}

// A redirect may lead to where other nonces hold, and its challenge is a first one again.
func TestDigestAfterARedirect(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		for {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			nonce := req.URL.Path[1:]
			switch {
			case !strings.Contains(req.Header.Get("Authorization"), `nonce="`+nonce+`"`):
				_, _ = io.WriteString(c, strings.Replace(challengeEmpty, "nonce=n", "nonce="+nonce, 1))
			case nonce == "a":
				_, _ = io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")
			default:
				_, _ = io.WriteString(c, okEmpty)
			}
		}
	})})
	if x := do(t, s, &client.Request{Target: "/a", Follow: true, Digest: &ann}); x.Status != 200 || x.Hops != 3 {
		t.Errorf("status %d, %d hops; want 200 after 3", x.Status, x.Hops)
	}
}

// Users share neither nonces nor counts, and what was answered is no failure of an address.
func TestDigestIsOfOneUser(t *testing.T) {
	t.Parallel()
	g := &guard{quality: "auth"}
	cfg := ways()[0].serve(t, g.ServeHTTP)
	cfg.Allow = loopback
	c, err := client.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var users []*client.Session
	for range 3 {
		s := c.Session()
		t.Cleanup(s.Close)
		users = append(users, s)
	}
	for range 2 {
		for _, s := range users {
			do(t, s, &client.Request{Digest: &ann})
		}
	}
	if got := g.saw(t); got != "bare, let in, bare, let in, bare, let in, let in, let in, let in" {
		t.Errorf("the server saw %s", got)
	}
	if all := c.Addresses(); len(all) != 1 || all[0].Requests != 9 || all[0].Failed != 0 {
		t.Errorf("addresses %+v, want 9 requests and no failure", all)
	}
	do(t, users[0], &client.Request{Digest: &digest.Credentials{User: "eve"}})
	if all := c.Addresses(); all[0].Requests != 11 || all[0].Failed != 1 {
		t.Errorf("addresses %+v, want 11 requests and one failure", all)
	}
	// Many credentials of one user, as rows of a table are: all come in, and few are kept.
	for n := range 12 {
		who := digest.Credentials{User: "ann", Password: "open sesame"}
		if n%2 == 1 {
			who.User = fmt.Sprint("eve", n)
		}
		if x := do(t, users[0], &client.Request{Digest: &who}); (x.Status == 200) != (n%2 == 0) {
			t.Errorf("%v: status %d", who, x.Status)
		}
	}
	g.saw(t)
}

// A count is never sent twice, though the request is, and none is left out where a look prevented the sending.
func TestDigestCountsWhatWasSent(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"before", "after"} {
		var counts []string
		var mu sync.Mutex
		answered, ended := make(chan struct{}), make(chan struct{})
		s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
			for n := 0; ; n++ {
				if nth == 0 && n == 2 && end == "before" {
					<-answered
					alone(func() { _ = c.Close() })
					close(ended)
					return
				}
				req, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				value := req.Header.Get("Authorization")
				if value == "" {
					_, _ = io.WriteString(c, "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest nonce=n, qop=auth\r\n"+
						"Content-Length: 0\r\n\r\n")
					continue
				}
				_, count, _ := strings.Cut(value, "nc=")
				mu.Lock()
				counts = append(counts, count[:8])
				mu.Unlock()
				if nth == 0 && n == 2 {
					return // without an answer
				}
				_, _ = io.WriteString(c, okEmpty)
			}
		})})
		do(t, s, &client.Request{Digest: &ann})
		close(answered)
		if end == "before" {
			<-ended
		}
		x := do(t, s, &client.Request{Digest: &ann})
		if x.Status != 200 || x.Connects != 1 || end == "after" && x.Retries != 1 {
			t.Errorf("closed %s: status %d, %d connects, %d retries", end, x.Status, x.Connects, x.Retries)
		}
		mu.Lock()
		want := "[00000001 00000002 00000003]"
		if end == "before" { // a busy machine may hear of the end when the request is sent already
			want = fmt.Sprintf("[00000001 %08x]", 2+x.Retries)
		}
		if got := fmt.Sprint(counts); got != want {
			t.Errorf("closed %s: counts %s, want %s", end, got, want)
		}
		mu.Unlock()
	}
}

// The guard lets curl in, so it is not only of one mind with the client.
func TestGuardLetsCurlIn(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	for _, g := range []*guard{{quality: "auth", alone: true}, {alone: true},
		{algorithm: "MD5-sess", quality: "auth", alone: true}, {algorithm: "SHA-256", quality: "auth", alone: true}} {
		base := ways()[0].serve(t, g.ServeHTTP).BaseURL
		out, err := exec.CommandContext(t.Context(), curl, "-sS", "--noproxy", "*", "--digest", "-u", ann.User+":"+
			ann.Password, "-d", "data", base+"/x?y=1", base+"/z").CombinedOutput()
		if got := g.saw(t); err != nil || !strings.HasPrefix(got, "bare, let in") {
			t.Errorf("%s %s: the server saw %s, curl %v %s", g.algorithm, g.quality, got, err, out)
		}
	}
}

// A server that never answers the answer is a timeout of the whole request.
func TestDigestWithinTheTimeout(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		for n := 0; request(r); n++ {
			if n == 0 {
				_, _ = io.WriteString(c, challengeEmpty)
			}
		}
	})})
	var x client.Exchange
	s.Do(t.Context(), &client.Request{Digest: &ann, Timeout: 200 * time.Millisecond}, &x)
	if x.Failure != metric.Timeout || x.Hops != 1 || x.Status != 0 || x.Done.Sub(x.Sent) < 200*time.Millisecond {
		t.Errorf("Do = %v %q, status %d, %d hops after %v; want a timeout after 200ms",
			x.Failure, x.Detail, x.Status, x.Hops, x.Done.Sub(x.Sent))
	}
}
