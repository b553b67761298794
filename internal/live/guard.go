package live

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"strings"
)

// guard decides which requests are answered. Each of its parts stops what the others let through:
//
//   - The name of the host stops pages of the web whose own name was made to lead to this machine (DNS
//     rebinding), for reading too: to a browser they are one with the page.
//   - Go's CrossOriginProtection stops what other sites send.
//   - Sec-Fetch-Site stops what other pages read, those on other ports of this machine too.
//   - The key, once handed over, is a cookie that no script reads; without it nobody sees anything, such as
//     other users of this machine.
type guard struct {
	names  []string // of hosts, beside those of this machine
	cookie string   // its name, which has the port in it: cookies are the same for all ports of a host
	key    string   // in the address that is printed
	value  string   // of the cookie
	secure bool     // over TLS
	cross  *http.CrossOriginProtection
}

func newGuard(names []string, port string, secure bool) *guard {
	return &guard{names: names, cookie: "loadgate-" + port, key: rand.Text(), value: rand.Text(), secure: secure,
		cross: http.NewCrossOriginProtection()}
}

// refused is the status of a request that is not answered, and why; 0: it is. Open requests need no key.
func (g *guard) refused(r *http.Request, open bool) (status int, why string) {
	if !g.knows(r.Host) {
		return http.StatusForbidden, "this server does not have that name; --web-host adds names"
	}
	if err := g.cross.Check(r); err != nil {
		return http.StatusForbidden, "the request comes from another page"
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case site == "", site == "none", site == "same-origin":
	case open && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		r.Header.Get("Sec-Fetch-Dest") == "document":
		// A link on another page leads here: it shows nothing to that page.
	default:
		return http.StatusForbidden, "the request comes from another page"
	}
	if !open && !g.has(r) {
		return http.StatusUnauthorized, "open the address that loadgate printed: it has the key"
	}
	return 0, ""
}

// knows says whether a host, of whatever port, is a name of this server.
func (g *guard) knows(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name == "localhost" || name == "127.0.0.1" || name == "::1" ||
		slices.ContainsFunc(g.names, func(n string) bool { return strings.EqualFold(n, name) })
}

// has says whether a browser has handed the key over.
func (g *guard) has(r *http.Request) bool {
	c, err := r.Cookie(g.cookie)
	return err == nil && same(c.Value, g.value)
}

// admit gives a browser that has the key its cookie. False: it is not the key.
func (g *guard) admit(w http.ResponseWriter, key string) bool {
	if !same(key, g.key) {
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: g.cookie, Value: g.value, Path: "/", HttpOnly: true, Secure: g.secure,
		SameSite: http.SameSiteStrictMode})
	return true
}

// same compares in a time that says nothing about where two texts differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
