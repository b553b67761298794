// Package digest answers challenges of HTTP Digest authentication: RFC 7616, and RFC 2617 and 2069 before it. It knows
// header values, and nothing of connections, of origins, or of when a challenge is to be answered.
//
// Of the qualities of protection only auth is answered. The parameter domain is not used: an answer holds for a whole
// origin.
package digest

import (
	"crypto/md5" // #nosec G501 -- most servers ask for it, and RFC 7616 keeps it; nothing else here is made with it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// Credentials are a user and the password. The zero value is a user without a name.
type Credentials struct{ User, Password string }

// String names the user, so that no message has the password.
func (c Credentials) String() string { return fmt.Sprintf("digest user %q", c.User) }

// GoString is String.
func (c Credentials) GoString() string { return c.String() }

// Challenge is what a server asks for. Choose makes it.
type Challenge struct {
	Realm, Nonce string
	// Stale: the answer was right but for its nonce, which is too old.
	Stale bool

	opaque    string
	hasOpaque bool   // it may be empty
	algorithm string // as the server writes it; "": not named
	hash      func() hash.Hash
	session   bool // an algorithm whose name ends in -sess
	auth      bool // quality of protection; else it is RFC 2069, which has none
	userHash  bool
	utf8      bool
}

// algorithms are the hashes by the names of RFC 7616, section 6.1, in lower case.
var algorithms = map[string]func() hash.Hash{
	"md5":         md5.New,
	"sha-256":     sha256.New,
	"sha-512-256": sha512.New512_256,
}

// from reads the parameters of a challenge; false where it cannot be answered.
func (c *Challenge) from(parameters map[string]string) bool {
	*c = Challenge{
		Realm: parameters["realm"], Nonce: parameters["nonce"], opaque: parameters["opaque"],
		algorithm: parameters["algorithm"], Stale: strings.EqualFold(parameters["stale"], "true"),
		userHash: strings.EqualFold(parameters["userhash"], "true"),
		utf8:     strings.EqualFold(parameters["charset"], "UTF-8"),
	}
	_, c.hasOpaque = parameters["opaque"]
	name := strings.ToLower(c.algorithm)
	if name == "" {
		name = "md5"
	}
	name, c.session = strings.CutSuffix(name, "-sess")
	c.hash = algorithms[name]
	qualities, qualified := parameters["qop"]
	for quality := range strings.SplitSeq(qualities, ",") {
		c.auth = c.auth || strings.EqualFold(strings.Trim(quality, " \t"), "auth")
	}
	// A server that names no quality is given no client nonce, without which -sess has no key.
	return c.Nonce != "" && c.hash != nil && c.auth == qualified && (c.auth || !c.session)
}

// Answer answers one challenge for one user, again and again. Not safe for concurrent use.
type Answer struct {
	challenge *Challenge
	user      string // the parameters of the header that name the user
	nonce     string // the client's
	key       string // H(A1)
	count     uint32
}

// Answer begins to answer a challenge with a nonce of the client's own, which should be hard to guess.
func (c *Challenge) Answer(who Credentials, clientNonce string) *Answer {
	a := &Answer{challenge: c, nonce: clientNonce}
	a.key = c.sum(who.User, ":", c.Realm, ":", who.Password)
	if c.session {
		a.key = c.sum(a.key, ":", c.Nonce, ":", clientNonce)
	}
	switch {
	case c.userHash:
		a.user = `username="` + c.sum(who.User, ":", c.Realm) + `", userhash=true`
	case needsEscapes(who.User, c.utf8):
		a.user = "username*=UTF-8''" + percent(who.User)
	default:
		a.user = "username=" + quote(who.User)
	}
	return a
}

// Next is the value of the Authorization header of the next request with this method and target, the target as it is on
// the request line.
func (a *Answer) Next(method, target string) string {
	c := a.challenge
	a.count++
	count := fmt.Sprintf("%08x", a.count)
	what := c.sum(method, ":", target)
	var response string
	if c.auth {
		response = c.sum(a.key, ":", c.Nonce, ":", count, ":", a.nonce, ":auth:", what)
	} else {
		response = c.sum(a.key, ":", c.Nonce, ":", what)
	}
	var out strings.Builder
	out.WriteString("Digest " + a.user + ", realm=" + quote(c.Realm) + ", nonce=" + quote(c.Nonce) +
		", uri=" + quote(target) + `, response="` + response + `"`)
	if c.algorithm != "" {
		out.WriteString(", algorithm=" + c.algorithm)
	}
	if c.auth {
		out.WriteString(", qop=auth, nc=" + count + ", cnonce=" + quote(a.nonce))
	}
	if c.hasOpaque {
		out.WriteString(", opaque=" + quote(c.opaque))
	}
	return out.String()
}

// sum is the hash of texts, one after the other, in hexadecimal digits.
func (c *Challenge) sum(texts ...string) string {
	h := c.hash()
	for _, text := range texts {
		h.Write([]byte(text)) // never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// quote is a text as a quoted string.
func quote(text string) string {
	if !strings.ContainsAny(text, `"\`) {
		return `"` + text + `"`
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// needsEscapes reports whether a name must go out percent-encoded: a quoted string cannot hold controls, and one with
// other letters than those of ASCII is sure to be understood only where the server says UTF-8.
func needsEscapes(name string, utf8 bool) bool {
	for i := range len(name) {
		if b := name[i]; b < ' ' || b == 0x7f || b >= 0x80 && utf8 {
			return true
		}
	}
	return false
}

// percent is a text as RFC 8187 has it: all but letters and digits percent-encoded.
func percent(text string) string {
	var out strings.Builder
	for i := range len(text) {
		b := text[i]
		if 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' {
			out.WriteByte(b)
		} else {
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}
