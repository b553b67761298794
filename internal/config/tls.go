package config

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/loadgate/loadgate/internal/config/mistake"
)

// TLS says how a target over TLS is known, and as whom it is met. The zero
// value trusts what this machine trusts and shows no certificate. It is no
// part of the digest: it changes who may be loaded, not the load.
type TLS struct {
	CA         []byte // PEM, one certificate at least, in place of those that this machine trusts; nil: those
	Insecure   bool   // take any certificate; never beside CA
	ServerName string // that the certificate must have; "": the host of URL
	Cert, Key  []byte // PEM, of the client; both or neither
}

func tlsShape() *shape {
	return &shape{kind: objectKind, name: "tls", fields: []field{
		{key: "ca", shape: scalarOf(fileText),
			doc: "A PEM file with the certificates to trust, below this file's folder.",
			def: "those of this machine", example: "ca: certs/ca.pem"},
		{key: "insecure", shape: scalarOf(flagText), doc: "Take any certificate, unchecked.",
			def: "false", example: "insecure: true"},
		{key: "server_name", shape: scalarOf(serverText),
			doc: "The name that is asked for and that the certificate must have.",
			def: "the url's host", example: "server_name: api.internal"},
		{key: "cert", shape: scalarOf(fileText),
			doc: "A PEM file with the certificate that the client shows; key goes with it.",
			def: "none", example: "cert: certs/client.pem"},
		{key: "key", shape: scalarOf(fileText), doc: "A PEM file with the key of cert, without a passphrase.",
			def: "none", example: "key: certs/client-key.pem"},
	}}
}

// tls builds target.tls. Files are read here, so that one that is no
// certificate is a mistake with a line and not a failed run.
func (b *builder) tls(v *value) TLS {
	t := TLS{Insecure: or(v.get("insecure"), false), ServerName: or(v.get("server_name"), "")}
	ca, cert, key := v.get("ca"), v.get("cert"), v.get("key")
	if ca != nil {
		t.CA = b.file(ca)
		switch {
		case t.CA != nil && !x509.NewCertPool().AppendCertsFromPEM(t.CA):
			b.Add(ca.pos, ca.path, "%s holds no certificate; write a PEM file with -----BEGIN CERTIFICATE----- in it",
				mistake.Show(ca.text))
		case t.Insecure:
			b.Add(ca.pos, ca.path, "means nothing beside insecure: true, which takes any certificate; keep one of them")
		}
	}
	switch {
	case cert == nil && key == nil, b.Under(join(v.path, "cert")), b.Under(join(v.path, "key")):
	case key == nil:
		b.Add(cert.pos, cert.path, "has no key; write key: beside it, the PEM file with the key of this certificate")
	case cert == nil:
		b.Add(key.pos, key.path, "has no cert; write cert: beside it, the PEM file with the certificate of this key")
	default:
		t.Cert, t.Key = b.file(cert), b.file(key)
		if t.Cert == nil || t.Key == nil {
			break
		}
		if _, err := tls.X509KeyPair(t.Cert, t.Key); err != nil {
			b.Add(cert.pos, cert.path,
				"%s and %s make no pair (%v); write a certificate and its key, PEM without a passphrase",
				mistake.Show(cert.text), mistake.Show(key.text), err)
		}
	}
	return t
}
