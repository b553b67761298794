package request

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// SplitHost is an address with its host, and what is behind that.
func SplitHost(t string) (base, rest string) {
	at := strings.Index(t, "://")
	if at < 0 {
		return "", t
	}
	end := strings.IndexAny(t[at+3:], "/?")
	if end < 0 {
		return t, "/"
	}
	return t[:at+3+end], t[at+3+end:]
}

// Host is the host of an address, without a user and a password.
func Host(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return "which is no address"
}

// WithoutUser is an address without a user and a password before its host.
func WithoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}

// HostAuth is WithoutUser for the address that all requests of a group go to: the user becomes its auth.
func (g *Group) HostAuth(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	password, _ := u.User.Password()
	names := []string{g.draft.SecretOf("username", u.User.Username()), g.draft.SecretOf("password", password)}
	g.group.Look(fmt.Sprintf("set %s: the host has a user and a password, which are not here",
		strings.Join(names, " and ")))
	basic, auth := node.Map(), node.Map()
	node.Set(basic, "username", node.Text(g.draft.Secret(names[0])))
	node.Set(basic, "password", node.Text(g.draft.Secret(names[1])))
	node.Set(auth, "basic", basic)
	g.group.Auth = auth
	return WithoutUser(address)
}
