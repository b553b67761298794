package hub

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
)

// seedMark begins the text of a seed and names the version of what derives from it.
const seedMark = "lgh1."

// Seed is what the whole identity of a hub derives from: its key, its certificate and the token of its workers. Equal
// seeds give equal bytes on every machine, so the join secret can be known before the hub runs. The zero value is
// no seed. It prints as a mask; Text is the seed itself.
type Seed struct{ bits [32]byte }

// NewSeed is a seed of 256 random bits.
func NewSeed() Seed {
	var s Seed
	_, _ = rand.Read(s.bits[:]) // it never fails
	return s
}

// Text is the seed as ParseSeed reads it. Whoever has it can answer in the hub's place.
func (s Seed) Text() string { return seedMark + base64.RawURLEncoding.EncodeToString(s.bits[:]) }

// String is the seed for messages and logs, which do not show it.
func (s Seed) String() string { return seedMark + "***" }

// GoString is String: %#v shows no more.
func (s Seed) GoString() string { return s.String() }

// ParseSeed reads a seed, with blanks around it. The error does not repeat the text.
func ParseSeed(text string) (Seed, error) {
	rest, marked := strings.CutPrefix(strings.TrimSpace(text), seedMark)
	bits, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	var none [32]byte
	// The decoder skips line breaks, and nobody draws 32 zeros.
	if !marked || err != nil || len(bits) != len(none) || [32]byte(bits) == none ||
		strings.ContainsAny(rest, "\r\n") {
		return Seed{}, errors.New("that is no seed of a hub: after " + seedMark + " it has 43 letters and digits")
	}
	return Seed{[32]byte(bits)}, nil
}

// Secret is the join secret of the hub that has the seed.
func (s Seed) Secret() (fleet.Secret, error) {
	certificate, err := s.certificate()
	if err != nil {
		return fleet.Secret{}, err
	}
	return s.secret(certificate)
}

// secret is Secret where the certificate is known.
func (s Seed) secret(certificate tls.Certificate) (fleet.Secret, error) {
	token, err := s.derive("loadgate join token")
	if err != nil {
		return fleet.Secret{}, err
	}
	return fleet.NewSecret(base64.RawURLEncoding.EncodeToString(token), certificate.Certificate[0]), nil
}

// Outside is the identity of a fleet without a hub of its own, on a NATS server of somebody else: the coordinator's
// key, and the join secret that holds its hash.
func (s Seed) Outside() (link.Key, fleet.Secret, error) {
	bits, err := s.derive("loadgate coordinator key")
	if err != nil {
		return link.Key{}, fleet.Secret{}, err
	}
	key, err := link.KeyOf(bits)
	if err != nil {
		return link.Key{}, fleet.Secret{}, err
	}
	token, err := s.derive("loadgate join token")
	if err != nil {
		return link.Key{}, fleet.Secret{}, err
	}
	return key, fleet.NewSecret(base64.RawURLEncoding.EncodeToString(token), []byte(key.Public())), nil
}

// derive is 32 bytes for one purpose, from which neither the seed nor those of another purpose follow.
func (s Seed) derive(purpose string) ([]byte, error) {
	bits, err := hkdf.Key(sha256.New, s.bits[:], nil, purpose, len(s.bits))
	if err != nil {
		return nil, fmt.Errorf("derive the hub's identity: %w", err)
	}
	return bits, nil
}

// The dates of every certificate: fixed ones, since the bytes may not depend on the clock. Workers compare the
// certificate with their pin and read no dates; the last one is what RFC 5280 writes where there is no end.
var (
	validFrom = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	validTo   = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// certificate signs itself. Its key is of Ed25519, whose signatures need no chance, unlike those of ECDSA.
func (s Seed) certificate() (tls.Certificate, error) {
	bits, err := s.derive("loadgate hub key")
	if err != nil {
		return tls.Certificate{}, err
	}
	key := ed25519.NewKeyFromSeed(bits)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "loadgate hub"},
		NotBefore: validFrom, NotAfter: validTo,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make the hub's certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
