package fleet

import (
	"crypto/hmac"
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
// password, and Pin the SHA-256 of the hub's certificate, so that no authority and no name is trusted. On
// a NATS server of somebody else Pin is that of the coordinator's public key. The zero value joins nothing. It
// prints as a mask; Text is the secret itself.
type Secret struct {
	Token string
	Pin   [sha256.Size]byte
}

// NewSecret is the secret of a hub with a certificate in DER, or of a coordinator with a public key. The token is one
// that nobody can guess.
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

// Subjects is what the subjects of the fleet begin with on a NATS server that others use too. Nobody learns the token
// from it.
func (s Secret) Subjects() string { return "lg." + hex.EncodeToString(s.mac("loadgate subjects")[:8]) }

// Proof shows that the holder of a public key has the secret. Whoever overhears it cannot use it without the other
// half of that key.
func (s Secret) Proof(key string) []byte { return s.mac("loadgate join " + key) }

// Proves checks a Proof.
func (s Secret) Proves(key string, proof []byte) bool { return hmac.Equal(s.Proof(key), proof) }

func (s Secret) mac(text string) []byte {
	sum := hmac.New(sha256.New, []byte(s.Token))
	sum.Write([]byte(text))
	return sum.Sum(nil)
}

// VerifyKey checks the public key of a coordinator that a hub's certificate does not vouch for: its hash has to be the
// pin of the secret.
func (s Secret) VerifyKey(key string) error {
	if s.Verify([][]byte{[]byte(key)}) != nil {
		return ErrKey
	}
	return nil
}

// ErrKey is the error of a coordinator with another key than that of the secret.
var ErrKey = errors.New("the run's key is not the one of the join secret: the secret is of another fleet, " +
	"or somebody answers in the run's place")

// ErrPin is the error of a hub with another certificate than that of the secret.
var ErrPin = errors.New("the hub's certificate is not the one of the join secret: the secret is of another fleet, " +
	"or somebody answers in the hub's place")
