package client

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/safetext"
)

// maxHops is how many redirects of one exchange are followed.
const maxHops = 10

// tooManyHops says where redirects led that were followed to the last: a service
// that sends somebody to where it sent them before does so for ever. (Once is
// nothing: it may have set a cookie in between.)
func tooManyHops(been []string) fault {
	for i, place := range been[:len(been)-1] {
		if slices.Contains(been[i+1:], place) {
			_, url, _ := strings.Cut(place, " ")
			return fault{kind: metric.Redirect, cause: metric.RedirectCircle,
				detail: "redirects in a circle, again and again to " +
					safetext.Brief(url, 200)}
		}
	}
	return fault{kind: metric.Redirect, cause: metric.RedirectChain,
		detail: fmt.Sprintf("more than %d redirects", maxHops)}
}

// isRedirect reports whether a status asks for another request elsewhere.
func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// follow turns a hop into the one that its answer asks for, as browsers do
// (fetch standard, HTTP-redirect fetch, steps 12 to 14): 301 and 302 make a POST a
// GET, 303 everything but HEAD; 307 and 308 keep method and body. Another
// origin sees neither the request's Authorization and Cookie headers nor the
// base URL's password, even when a later hop leads back.
func (c *Client) follow(h *hop, x *Exchange) fault {
	base := h.url()
	if base == nil {
		return fault{kind: metric.Redirect, cause: metric.RedirectBroken,
			detail: "redirects from a path that is no URL"}
	}
	u, err := base.Parse(x.Location)
	if err != nil {
		return fault{kind: metric.Redirect, cause: metric.RedirectBroken,
			detail: fmt.Sprintf("redirects to %s, which is no URL", quoted(x.Location, 100))}
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return fault{kind: metric.Redirect, cause: metric.RedirectBroken,
			detail: fmt.Sprintf("redirects to scheme %s; only http and https are followed", quoted(u.Scheme, 20))}
	}
	next, ok := originOf(u)
	if !ok {
		return fault{kind: metric.Redirect, cause: metric.RedirectBroken,
			detail: fmt.Sprintf("redirects to %s, which is no URL with a host", quoted(x.Location, 100))}
	}
	if h.origin.socket != "" && !next.secure && next.name == h.origin.name {
		next = h.origin // what the service calls itself, from the Host header
	}
	if c.check(&next) != nil {
		return fault{kind: metric.Redirect, cause: metric.RedirectForbidden,
			detail: fmt.Sprintf("redirects to host %s, which is not on the allow list", quoted(next.host, 100))}
	}
	if next != h.origin {
		h.foreign = true
		if h.proxy, err = c.proxyTo(&next); err != nil {
			return fault{kind: metric.Redirect, cause: metric.RedirectBroken,
				detail: "redirects to " + next.name + ": " + err.Error()}
		}
	}
	toGet := x.Status == 303 && h.method != "HEAD" ||
		(x.Status == 301 || x.Status == 302) && h.method == "POST"
	if toGet && h.method != "GET" {
		h.method, h.body, h.bare = "GET", nil, true
	}
	h.origin, h.prefix, h.target, h.redirected = next, "", u.RequestURI(), true
	return fault{}
}
