package recorder

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"regexp"
	"sync"
	"time"
)

// authority signs certificates for the hosts of one recording. Its key is in memory alone, and gone with it. It
// is safe for concurrent use.
type authority struct {
	about *x509.Certificate
	key   *ecdsa.PrivateKey
	leaf  *ecdsa.PrivateKey // of all hosts
	pem   []byte
	pin   string // SHA-256 of its public key, in base64

	mu     sync.Mutex
	signed map[string]*tls.Certificate
}

// lasting is how long certificates are valid: longer than a recording.
const lasting = 7 * 24 * time.Hour

// mostSigned bounds the certificates that are kept.
const mostSigned = 1000

func newAuthority() (*authority, error) {
	a := &authority{signed: map[string]*tls.Certificate{}}
	for _, key := range []**ecdsa.PrivateKey{&a.key, &a.leaf} {
		var err error
		if *key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return nil, fmt.Errorf("make a key: %w", err)
		}
	}
	about := certificate()
	about.Subject = pkix.Name{CommonName: "loadgate record, for this recording alone"}
	about.IsCA, about.BasicConstraintsValid, about.MaxPathLenZero = true, true, true
	about.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	der, err := x509.CreateCertificate(rand.Reader, about, about, a.key.Public(), a.key)
	if err == nil {
		a.about, err = x509.ParseCertificate(der)
	}
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	sum := sha256.Sum256(a.about.RawSubjectPublicKeyInfo)
	a.pin = base64.StdEncoding.EncodeToString(sum[:])
	return a, nil
}

// certificate is what all certificates have.
func certificate() *x509.Certificate {
	now := time.Now()
	number, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // it never fails
	return &x509.Certificate{SerialNumber: number.Add(number, big.NewInt(1)),
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lasting)}
}

// hostName is a name that a certificate may have.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,250}[A-Za-z0-9_.])?$`)

// isHost says whether a certificate can be made for a host.
func isHost(host string) bool { return net.ParseIP(host) != nil || hostName.MatchString(host) }

// certificateFor is the certificate of a host, signed now or before.
func (a *authority) certificateFor(host string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.signed[host]; c != nil {
		return c, nil
	}
	about := certificate()
	// A common name has at most 64 characters; clients read the names below.
	about.Subject = pkix.Name{Organization: []string{"loadgate record"}}
	about.KeyUsage, about.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if ip := net.ParseIP(host); ip != nil {
		about.IPAddresses = []net.IP{ip}
	} else {
		about.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, about, a.about, a.leaf.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	if len(a.signed) >= mostSigned {
		clear(a.signed)
	}
	c := &tls.Certificate{Certificate: [][]byte{der, a.about.Raw}, PrivateKey: a.leaf}
	a.signed[host] = c
	return c, nil
}
