package fleet

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"
)

// secretMark begins a join secret and names its version.
const secretMark = "lgj1."

// Secret lets a worker join one fleet, and lets it know that the hub is that fleet's: Token is the
// password, and Pin the SHA-256 of the hub's certificate, so that no authority and no name is trusted.
// The zero value joins nothing. It prints as a mask; Text is the secret itself.
type Secret struct {
	Token string
	Pin   [sha256.Size]byte
}

// NewSecret is the secret of a hub with a certificate in DER. The token is one that nobody can guess.
func NewSecret(token string, certificate []byte) Secret {
	return Secret{Token: token, Pin: sha256.Sum256(certificate)}
}

// tokenForm is what a token may hold: nothing that a shell or a URL treats specially.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,128}$`)

// Text is the secret as ParseSecret reads it. Whoever has it can join.
func (s Secret) Text() string { return secretMark + s.Token + "." + hex.EncodeToString(s.Pin[:]) }

// String is the secret for messages and logs, which do not show it.
func (s Secret) String() string { return secretMark + "***" }

// GoString is String: %#v shows no more.
func (s Secret) GoString() string { return s.String() }

// errSecret says what a secret looks like, and never what was written.
var errSecret = errors.New("that is no join secret: write all of the line that begins with " + secretMark +
	" and that loadgate run --workers printed")

// ParseSecret reads a secret, with blanks around it. The error does not repeat the text.
func ParseSecret(text string) (Secret, error) {
	rest, marked := strings.CutPrefix(strings.TrimSpace(text), secretMark)
	token, pin, parted := strings.Cut(rest, ".")
	sum, err := hex.DecodeString(pin)
	if !marked || !parted || err != nil || len(sum) != sha256.Size || !tokenForm.MatchString(token) {
		return Secret{}, errSecret
	}
	return Secret{Token: token, Pin: [sha256.Size]byte(sum)}, nil
}

// Verify checks the certificates that a hub shows, as in tls.Config.VerifyPeerCertificate: the first has
// to be the one of the secret.
func (s Secret) Verify(certificates [][]byte) error {
	if len(certificates) > 0 {
		sum := sha256.Sum256(certificates[0])
		if subtle.ConstantTimeCompare(sum[:], s.Pin[:]) == 1 {
			return nil
		}
	}
	return ErrPin
}

// ErrPin is the error of a hub with another certificate than that of the secret.
var ErrPin = errors.New("the hub's certificate is not the one of the join secret: the secret is of another fleet, " +
	"or somebody answers in the hub's place")
