package walk

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// addresses divides addresses into service and path.
type addresses struct{ *walk }

// UnknownHost begins an origin that is a variable of the environment without a default.
const UnknownHost = "$"

// divide is the address of a request as its service and its path. A variable with a default has that
// value here, which --host replaces.
func (w addresses) divide(c *Call, address written.Text) (origin string, path written.Text) {
	address = slices.Clone(address)
	hold := func(why string) (string, written.Text) {
		c.Request.Held = append(c.Request.Held, c.Where+" "+why)
		return "", written.Plain("/")
	}
	if len(address) > 1 && strings.HasPrefix(address[1].Literal, "/") {
		if m := ofModule.FindStringSubmatch(address[0].Lost); m != nil {
			w.Look(fmt.Sprintf("the script reads its address from %s of %s: is target.url right? --host sets another",
				m[1], m[2]))
			return UnknownHost + m[1], address[1:]
		}
	}
	address = w.withoutUser(c, address)
	at := 0 // where the host stands, behind a scheme at most
	if len(address) > 1 && beginsHost(address[:1]) {
		at = 1
	}
	if len(address) > 0 && address[0].Lost != "" {
		return hold("goes to an address that init does not read (" + address[0].Lost + ")")
	}
	if at < len(address) && address[at].Env != "" && address[at].Otherwise != nil {
		w.Look(fmt.Sprintf("the script reads its address from %s: target.url has its default, and --host another",
			secrets.Line(address[at].Env)))
		address[at] = written.Part{Literal: *address[at].Otherwise}
		address = w.withoutUser(c, joined(address).parts)
	}
	if len(address) == 0 {
		return hold("has no address")
	}
	first := address[0]
	if env := first.Env; env != "" {
		w.Look(fmt.Sprintf("the script reads its address from %s: is target.url right? --host sets another",
			secrets.Line(env)))
		return UnknownHost + env, address[1:]
	}
	if (first.Literal == "http://" || first.Literal == "https://") && len(address) > 1 && address[1].Env != "" {
		w.Look(fmt.Sprintf("the script reads its host from %s: is target.url right? --host sets another",
			secrets.Line(address[1].Env)))
		return UnknownHost + address[1].Env, address[2:]
	}
	return w.cutOrigin(c, address, hold)
}

// withoutUser is an address without the user and the password that stand before its host.
func (w addresses) withoutUser(c *Call, address written.Text) written.Text {
	if len(address) == 0 {
		return address
	}
	scheme, rest, has := strings.Cut(address[0].Literal, "://")
	if !has {
		return address
	}
	user, after := written.CutUser(append(written.Plain(rest), address[1:]...))
	if user == nil {
		return address
	}
	c.Request.User = user
	return joined(append(written.Plain(scheme+"://"), after...)).parts
}

// pathsAlone is a draw from paths of one part each.
var pathsAlone = regexp.MustCompile(`^pick\("/[^"\\/?#&]*"(, "/[^"\\/?#&]*")*\)$`)

// ofModule is what the script says of a value of another module.
var ofModule = regexp.MustCompile(`^(\S+) is of (.+), which is not read: write it$`)

// beginsHost says whether what stands before a part leaves the host to it.
func beginsHost(before written.Text) bool {
	text, known := before.Literal()
	return known && (text == "" || text == "http://" || text == "https://")
}

// cutOrigin cuts the scheme and the host from an address that begins with both.
func (w addresses) cutOrigin(c *Call, address written.Text, hold func(string) (string, written.Text)) (string,
	written.Text) {
	text := address[0].Literal
	scheme, rest, has := strings.Cut(text, "://")
	if !has || scheme != "http" && scheme != "https" {
		return hold("goes to an address that is not http:// or https://")
	}
	if len(address) > 1 && !strings.ContainsAny(rest, "/?#") && pathsAlone.MatchString(address[1].Code) {
		drawn := address[1] // the slash before each of them is that behind the host
		drawn.Code = strings.ReplaceAll(drawn.Code, `"/`, `"`)
		address = append(written.Text{{Literal: text + "/"}, drawn}, address[2:]...)
		rest += "/"
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		if end = len(rest); len(address) > 1 && address[1].Lost != "" {
			return hold("goes to an address that init does not read (" + address[1].Lost + ")")
		} else if len(address) > 1 {
			return hold("goes to a host that is known only when the script runs")
		}
	}
	host, path := rest[:end], rest[end:]
	u, err := url.Parse(scheme + "://" + host)
	if err != nil || u.Host == "" {
		return hold("goes to an address that is not valid")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), append(written.Plain(path), address[1:]...)
}
