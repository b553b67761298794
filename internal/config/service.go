package config

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/target"
)

// Target is the service under load.
type Target struct {
	URL string // absolute, http, https or http+unix (SocketURL), without a trailing slash
	// host names, IP addresses, CIDR prefixes and sockets (unix:/run/app.sock) that may be
	// dialled; never empty after Decode
	Allow   []string
	Grants  []Grant // what the file itself has under allow; no part of the digest
	Timeout time.Duration
	Connect time.Duration // part of Timeout; never 0
	MaxBody int64         // bytes of one answer
	// that of auth among them; for readiness checks: every step has them in its own Headers
	// already
	Headers     []Header
	Ready       Ready
	HTTP        target.Protocol
	Connections target.Connections
	TLS         TLS
	NoProxy     bool // proxy: none: the proxies of the environment are not asked
	Pos         mistake.Pos
}

// Host is one more service to which steps send requests.
type Host struct {
	Name string
	URL  string // as that of Target
	HTTP target.Protocol
	TLS  TLS
	Pos  mistake.Pos
}

// Header is one request header.
type Header struct {
	Name  string // as written; its case makes no difference to HTTP
	Value *expr.Template

	// Digest says that Value, that of basic authentication, is not to be sent, but what answers challenges of digest
	// authentication.
	Digest bool
	Source string // as written, where Value's text is not; what identity is made of
}

// Ready says when the target may be loaded.
type Ready struct {
	Within time.Duration // 0: one attempt
	Checks []ReadyCheck
}

// ReadyCheck is one request that must succeed before the load.
type ReadyCheck struct {
	Method, Path string
	Expect       *expr.Program // nil: 2xx
	Pos          mistake.Pos
}

// TLS says how a target over TLS is recognized, and which certificate the client shows.
// The zero value trusts what this machine trusts and shows no certificate. It is not
// part of the digest: it changes who may be loaded, not the load.
type TLS struct {
	CA         []byte // PEM, at least one certificate; nil: those that this machine trusts
	Insecure   bool   // take any certificate; never beside CA
	ServerName string // that the certificate must have; "": the host of URL
	Cert, Key  []byte // PEM, of the client; both or neither
}

// Grant is an entry of target.allow and its place. It counts only if the caller
// grants the same: a file may come from a stranger.
type Grant struct {
	Entry string // with the values of its variables
	Shown string // the same for people: secrets are ***
	Pos   mistake.Pos
}

// Beyond returns the grants that reach beyond this machine's own addresses:
// other hosts, unix sockets and commands.
func (t Target) Beyond() []Grant {
	var beyond []Grant
	for _, g := range t.Grants {
		if !target.IsLoopback(g.Entry) {
			beyond = append(beyond, g)
		}
	}
	return beyond
}

// Unsaid returns the grants beyond this machine that the caller does not grant too. said
// lists the caller's grants as entries of target.allow. A prefix grants all its addresses
// except those of metadata services. The caller grants the URL of the target by its host,
// or by unix:PATH. An error says which text in said is not an entry.
func (t Target) Unsaid(said []string) ([]Grant, error) {
	for _, entry := range said {
		if err := target.CheckEntry(entry); err != nil {
			return nil, err
		}
	}
	list, err := target.NewAllowList(said)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(t.Beyond(), func(g Grant) bool { return list.Covers(g.Entry) }), nil
}

// Public is the target's URL without credentials and query, fit to be shown.
func (t Target) Public() string { return target.Public(t.URL) }

// Credentials are the user and the password in what Value of a header with Digest gives; false: it has none.
func (h Header) Credentials(value string) (user, password string, ok bool) {
	text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(value, "Basic "))
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(text), ":")
}

// Is says whether the header has a name, in any case.
func (h Header) Is(name string) bool { return strings.EqualFold(h.Name, name) }
