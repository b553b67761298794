package client

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// maxCookies is how many cookies for one address a jar holds before it takes
// no more: as many as browsers keep for a site. The jar itself has no bound, and
// a service that names a cookie after each request would fill the memory.
const maxCookies = 180

// cookies is one user's jar, RFC 6265. The zero value is empty and costs
// nothing until a server sets the first cookie.
type cookies struct {
	jar    *cookiejar.Jar
	seen   int               // cookies set so far, each time counted
	values map[string]string // by name, whatever path and host they are for
}

// Cookie is the value of the cookie that the service last set under a name,
// wherever it is sent to; "" when there is none, or it was taken back.
func (s *Session) Cookie(name string) string { return s.cookies.values[name] }

// header is the value of the Cookie header for a hop; "" for none.
func (k *cookies) header(h *hop) string {
	if k.jar == nil {
		return ""
	}
	u := h.url()
	if u == nil {
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

// store keeps what the answer to a hop sets. Malformed cookies are left out,
// as browsers do.
func (k *cookies) store(h *hop, x *Exchange) {
	if !x.head.cookies {
		return
	}
	var set []*http.Cookie
	for _, f := range x.head.fields {
		if !equalFold(x.head.text[f.name:f.colon], "set-cookie") {
			continue
		}
		if cookie, err := http.ParseSetCookie(string(x.head.text[f.value:f.end])); err == nil {
			set = append(set, cookie)
		}
	}
	if len(set) == 0 {
		return
	}
	u := h.url()
	if u == nil {
		return
	}
	if k.jar == nil {
		// Without a list of public suffixes a host may set a cookie for all of
		// its top-level domain. Only allowed hosts are ever asked, so no
		// stranger gains by it. New has no other way to fail than its options.
		k.jar, _ = cookiejar.New(nil)
	}
	if k.seen += len(set); k.seen > maxCookies && len(k.jar.Cookies(u)) >= maxCookies {
		return
	}
	k.jar.SetCookies(u, set)
	k.note(set)
}

// note keeps the values of what was set.
func (k *cookies) note(set []*http.Cookie) {
	if k.values == nil {
		k.values = map[string]string{}
	}
	for _, cookie := range set {
		_, known := k.values[cookie.Name]
		past := cookie.MaxAge == 0 && !cookie.Expires.IsZero() && cookie.Expires.Before(time.Now())
		switch {
		case past || cookie.MaxAge < 0:
			delete(k.values, cookie.Name)
		case known || len(k.values) < maxCookies:
			k.values[cookie.Name] = cookie.Value
		}
	}
}

// url is the hop's URL; nil if it has none that net/url can read.
func (h *hop) url() *url.URL {
	u, err := url.Parse(h.origin.at(h.prefix + string(appendTarget(nil, h.target))))
	if err != nil {
		// A target such as /%zz goes out as it is; for cookies its host will do.
		u, err = url.Parse(h.origin.at("/"))
	}
	if err != nil {
		return nil
	}
	return u
}
