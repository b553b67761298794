package client_test

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// guard is a strict server of Digest authentication: each nonce is new, its counts come one after the other, and its
// answers are right. What comes through sees an echo.
type guard struct {
	algorithm string // "": not named, which means MD5
	quality   string // "": RFC 2069
	more      string // parameters of each challenge
	uses      int    // of a nonce before it is stale; 0: any number
	alwaysOld bool   // every answer is stale
	alone     bool   // no challenges beside the one: curl reads the first Digest only
	count     int    // nonces given out
	nonces    map[string]int

	mu    sync.Mutex
	asked []string // what each request brought, and what came of it
	first time.Time
	wrong error // what a right client never sends
}

func (g *guard) sum(text string) string {
	h := map[string]func() hash.Hash{"": md5.New, "MD5": md5.New, "SHA-256": sha256.New,
		"SHA-512-256": sha512.New512_256}[strings.TrimSuffix(g.algorithm, "-sess")]()
	_, _ = io.WriteString(h, text)
	return fmt.Sprintf("%x", h.Sum(nil))
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first.IsZero() {
		g.first = time.Now()
	}
	stale, ok := g.judge(r)
	if ok {
		g.asked = append(g.asked, "let in")
		echo(w, r)
		return
	}
	g.count++
	nonce := fmt.Sprintf("n/%d=", g.count)
	if g.nonces == nil {
		g.nonces = map[string]int{}
	}
	g.nonces[nonce] = 0
	challenge := fmt.Sprintf(`Digest realm="the \"house\"", nonce="%s", opaque="op, aque"%s`, nonce, g.more)
	if g.algorithm != "" {
		challenge += ", algorithm=" + g.algorithm
	}
	if g.quality != "" {
		challenge += `, qop="` + g.quality + `"`
	}
	if stale {
		challenge += ", stale=true"
	}
	if !g.alone {
		w.Header().Add("WWW-Authenticate", `Basic realm="Digest nonce=\"no\""`)
		challenge = `Digest realm="x", nonce="no", algorithm=TOKEN, ` + challenge
	}
	w.Header().Add("WWW-Authenticate", challenge)
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(w, "who are you?")
}

// judge holds an Authorization header against what was given out.
func (g *guard) judge(r *http.Request) (stale, ok bool) {
	value := r.Header.Get("Authorization")
	rest, found := strings.CutPrefix(value, "Digest ")
	if !found {
		g.asked = append(g.asked, strings.TrimSpace("bare "+value))
		return false, false
	}
	p := map[string]string{}
	for rest != "" {
		name, more, _ := strings.Cut(rest, "=")
		if text, quoted := strings.CutPrefix(more, `"`); quoted {
			end := 0
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			p[name] = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text[:end])
			rest = strings.TrimPrefix(text[end+1:], ", ")
			continue
		}
		p[name], rest, _ = strings.Cut(more, ", ")
	}
	used, known := g.nonces[p["nonce"]]
	key := g.sum(ann.User + ":" + p["realm"] + ":" + ann.Password)
	if strings.HasSuffix(g.algorithm, "-sess") {
		key = g.sum(key + ":" + p["nonce"] + ":" + p["cnonce"])
	}
	what, want := g.sum(r.Method+":"+r.RequestURI), ""
	if g.quality == "" {
		want = g.sum(key + ":" + p["nonce"] + ":" + what)
	} else {
		want = g.sum(key + ":" + p["nonce"] + ":" + p["nc"] + ":" + p["cnonce"] + ":auth:" + what)
	}
	count := fmt.Sprintf("%08x", used+1)
	if g.quality == "" {
		count = ""
	}
	switch {
	case !known, p["realm"] != `the "house"`, p["opaque"] != "op, aque", p["uri"] != r.RequestURI,
		p["nc"] != count, p["algorithm"] != g.algorithm, (p["qop"] == "auth") != (g.quality != ""),
		g.quality != "" && len(p["cnonce"]) < 8:
		g.wrong = fmt.Errorf("%s %s after %d uses: %s", r.Method, r.RequestURI, used, value)
	}
	g.nonces[p["nonce"]] = used + 1
	switch {
	case p["response"] != want:
		g.asked = append(g.asked, "refused")
		return false, false
	case g.alwaysOld || g.uses > 0 && used >= g.uses:
		g.asked = append(g.asked, "stale")
		return true, false
	}
	return false, g.wrong == nil
}

// saw is what each request since the last call brought.
func (g *guard) saw(t *testing.T) string {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wrong != nil {
		t.Error(g.wrong)
	}
	seen := strings.Join(g.asked, ", ")
	g.asked = nil
	return seen
}
