package thresholds

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// tls builds target.tls. Files are read here, so that one that is no
// certificate is a mistake with a line and not a failed run.
func (b *builder) tls(v *grammar.Value) config.TLS {
	t := config.TLS{Insecure: grammar.Or(v.Get("insecure"), false), ServerName: grammar.Or(v.Get("server_name"), "")}
	ca, cert, key := v.Get("ca"), v.Get("cert"), v.Get("key")
	if ca != nil {
		t.CA = b.file(ca)
		switch {
		case t.CA != nil && !x509.NewCertPool().AppendCertsFromPEM(t.CA):
			b.Add(ca.Pos, ca.Path, "%s holds no certificate; write a PEM file with -----BEGIN CERTIFICATE----- in it",
				mistake.Show(ca.Text))
		case t.Insecure:
			b.Add(ca.Pos, ca.Path, "means nothing beside insecure: true, which takes any certificate; keep one of them")
		}
	}
	switch {
	case cert == nil && key == nil, b.Under(grammar.Join(v.Path, "cert")), b.Under(grammar.Join(v.Path, "key")):
	case key == nil:
		b.Add(cert.Pos, cert.Path, "has no key; write key: beside it, the PEM file with the key of this certificate")
	case cert == nil:
		b.Add(key.Pos, key.Path, "has no cert; write cert: beside it, the PEM file with the certificate of this key")
	default:
		t.Cert, t.Key = b.file(cert), b.file(key)
		if t.Cert == nil || t.Key == nil {
			break
		}
		if _, err := tls.X509KeyPair(t.Cert, t.Key); err != nil {
			b.Add(cert.Pos, cert.Path,
				"%s and %s do not belong together (%v); write a certificate and its key, PEM without a passphrase",
				mistake.Show(cert.Text), mistake.Show(key.Text), err)
		}
	}
	return t
}
