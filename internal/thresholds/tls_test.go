package thresholds_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// pair makes a certificate and its key.
func pair(t *testing.T) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

func TestTLS(t *testing.T) {
	cert, key := pair(t)
	other, _ := pair(t)
	files := fstest.MapFS{"cert.pem": {Data: cert}, "certs/key.pem": {Data: key}, "other.pem": {Data: other}}
	of := func(tls string) (*config.Config, error) {
		return thresholds.Decode([]byte("version: 1\ntarget: {url: https://localhost, "+tls+"}"+rest),
			"thresholds.yaml", thresholds.Options{Files: files})
	}
	s, err := of("tls: {ca: other.pem, server_name: api.internal, cert: cert.pem, key: certs/key.pem}")
	if err != nil {
		t.Fatal(err)
	}
	got := s.Target.TLS
	if !bytes.Equal(got.CA, other) || !bytes.Equal(got.Cert, cert) ||
		!bytes.Equal(got.Key, key) || got.ServerName != "api.internal" || got.Insecure {
		t.Errorf("TLS = %+v, want what the files hold", got)
	}
	if s, err := of("tls: {insecure: true}, proxy: none"); err != nil ||
		!s.Target.TLS.Insecure || s.Target.TLS.CA != nil || !s.Target.NoProxy {
		t.Errorf("Target = %+v, %v, want insecure and no proxy", s, err)
	}
	if s, err := of("proxy: environment"); err != nil || s.Target.NoProxy || s.Target.TLS.Insecure {
		t.Errorf("Target = %+v, %v, want the defaults", s, err)
	}
	_, err = of("tls: {cert: other.pem, key: certs/key.pem}")
	if want := "target.tls.cert: other.pem and certs/key.pem do not belong together"; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("Decode() = %v, want %s", err, want)
	}
}
