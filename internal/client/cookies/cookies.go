// Package cookies keeps the cookies of one user as browsers do, RFC 6265, and sends back byte for byte what a service
// has set. It knows URLs and header values, and nothing of how they came.
package cookies

import (
	"cmp"
	"iter"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxCookies is how many cookies one user keeps at a time, whatever path and host
// they are for: as many as browsers keep for a site. The jar itself has no bound,
// and a service that names a cookie after each request would fill the memory.
const maxCookies = 180

// Jar is one user's cookies. The zero value is empty and costs nothing until a server sets the first cookie. Not safe
// for concurrent use.
type Jar struct {
	jar    *cookiejar.Jar
	kept   []keptCookie      // what the jar has, and what expired in it
	values map[string]string // by name, whatever path and host they are for
}

// keptCookie is a cookie of the jar, as RFC 6265 distinguishes them.
type keptCookie struct {
	name, domain, path string
	ends               time.Time // zero: never
}

// Value is the value of the cookie that was last set under a name, wherever it is sent to; "" when there is none, or it
// was taken back.
func (k *Jar) Value(name string) string { return k.values[name] }

// Empty reports whether no cookie was ever set.
func (k *Jar) Empty() bool { return k.jar == nil }

// Header is the value of the Cookie header of a request for a URL; "" for none.
func (k *Jar) Header(u *url.URL) string {
	if k.jar == nil {
		return ""
	}
	var text strings.Builder
	for _, cookie := range k.jar.Cookies(u) {
		if text.Len() > 0 {
			text.WriteString("; ")
		}
		text.WriteString(cookie.Name + "=")
		if cookie.Quoted {
			text.WriteString(`"` + cookie.Value + `"`)
		} else {
			text.WriteString(cookie.Value)
		}
	}
	return text.String()
}

// Set keeps what the Set-Cookie headers of an answer to a request for a URL say, at that time. Malformed cookies, and
// those for another domain, are left out, as browsers do.
func (k *Jar) Set(u *url.URL, values iter.Seq[[]byte], now time.Time) {
	var set []*http.Cookie
	for value := range values {
		cookie, ok := parseCookie(string(value))
		if ok && k.admit(cookie, u, now) {
			set = append(set, cookie)
		}
	}
	if len(set) == 0 {
		return
	}
	if k.jar == nil {
		// Without a list of public suffixes a host may set a cookie for all of
		// its top-level domain. Only allowed hosts are ever asked, so no
		// stranger gains by it. New has no other way to fail than its options.
		k.jar, _ = cookiejar.New(nil)
	}
	k.jar.SetCookies(u, set)
	k.note(set, now)
}

// parseCookie reads a Set-Cookie as browsers do: name and value are kept byte for
// byte. http.ParseSetCookie refuses quotes, backslashes and letters beyond ASCII,
// which services write, so it reads only what comes after the value.
func parseCookie(text string) (*http.Cookie, bool) {
	pair, attributes, _ := strings.Cut(text, ";")
	name, value, ok := strings.Cut(pair, "=")
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	if !ok || name == "" || strings.ContainsFunc(name+value, isControl) {
		return nil, false
	}
	cookie, err := http.ParseSetCookie("x=;" + attributes)
	if err != nil {
		return nil, false
	}
	if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
		value, cookie.Quoted = value[1:n-1], true
	}
	cookie.Name, cookie.Value = name, value
	return cookie, true
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// admit reports whether the jar may have a cookie: one that it has already, one
// that is taken back, or a new one for which there is room.
func (k *Jar) admit(cookie *http.Cookie, u *url.URL, now time.Time) bool {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	one := keptCookie{name: cookie.Name, domain: host, path: cookie.Path, ends: ends(cookie, now)}
	if domain := strings.ToLower(strings.TrimPrefix(cookie.Domain, ".")); domain != "" {
		one.domain = domain
		if host != domain && !strings.HasSuffix(host, "."+domain) {
			return false
		}
	}
	if !strings.HasPrefix(one.path, "/") { // RFC 6265 section 5.1.4
		one.path = u.Path[:max(0, strings.LastIndexByte(u.Path, '/'))]
	}
	one.path = cmp.Or(one.path, "/")
	at := slices.IndexFunc(k.kept, func(have keptCookie) bool {
		return have.name == one.name && have.domain == one.domain && have.path == one.path
	})
	switch {
	case one.expired(now):
		if at >= 0 {
			k.kept = slices.Delete(k.kept, at, at+1)
		}
		return true
	case at >= 0:
		k.kept[at] = one
		return true
	case len(k.kept) >= maxCookies:
		k.kept = slices.DeleteFunc(k.kept, func(have keptCookie) bool { return have.expired(now) })
	}
	if len(k.kept) >= maxCookies {
		return false
	}
	k.kept = append(k.kept, one)
	return true
}

func (c keptCookie) expired(now time.Time) bool { return !c.ends.IsZero() && !c.ends.After(now) }

// ends is when a cookie ends, a time that has passed if it is taken back; zero: it
// lasts.
func ends(cookie *http.Cookie, now time.Time) time.Time {
	switch {
	case cookie.MaxAge < 0:
		return now
	case cookie.MaxAge > 0:
		return now.Add(time.Duration(min(cookie.MaxAge, 1<<30)) * time.Second)
	}
	return cookie.Expires
}

// note keeps the values of what was set.
func (k *Jar) note(set []*http.Cookie, now time.Time) {
	if k.values == nil {
		k.values = map[string]string{}
	}
	for _, cookie := range set {
		_, known := k.values[cookie.Name]
		switch {
		case keptCookie{ends: ends(cookie, now)}.expired(now):
			delete(k.values, cookie.Name)
		case known || len(k.values) < maxCookies:
			k.values[cookie.Name] = cookie.Value
		}
	}
}
