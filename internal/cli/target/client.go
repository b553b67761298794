package target

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/result"
)

// NewClient makes the client of a target and other hosts, with the proxies that the
// environment names.
func NewClient(env environ.Env, of config.Target, hosts ...config.Host) (*client.Client, error) {
	cfg := client.Config{
		BaseURL: of.URL, Allow: of.Allow, HTTP: of.HTTP, Connections: of.Connections,
		Timeout: of.Timeout, Connect: of.Connect, MaxBody: of.MaxBody,
		UserAgent: strings.ReplaceAll(buildinfo.Version(), " ", "/"),
	}
	if !of.NoProxy {
		cfg.Proxy = proxies(env)
	}
	var err error
	if cfg.TLS, err = trust(of.TLS); err != nil {
		return nil, err
	}
	for _, h := range hosts {
		one := client.Host{BaseURL: h.URL, HTTP: h.HTTP}
		if one.TLS, err = trust(h.TLS); err != nil {
			return nil, err
		}
		cfg.Hosts = append(cfg.Hosts, one)
	}
	return client.New(cfg)
}

// ClientOf is the client of a file's target; a mistake in its URL is one of the
// file.
func ClientOf(env environ.Env, of *config.Config) (*client.Client, error) {
	c, err := NewClient(env, of.Target, of.Hosts...)
	if err != nil {
		if bad, ok := errors.AsType[*client.URLError](err); ok {
			err = fmt.Errorf("%s: target.url %s", of.File, bad.Wrong)
		}
		return nil, err
	}
	return c, nil
}

// addressesOf is what each address of a client's target got.
func addressesOf(c *client.Client) []result.Address {
	var all []result.Address
	for _, a := range c.Addresses() {
		all = append(all, result.Address(a))
	}
	return all
}

// proxies reads the environment as curl does: HTTPS_PROXY, HTTP_PROXY and
// NO_PROXY, or the same in lower case.
func proxies(env environ.Env) func(*url.URL) (*url.URL, error) {
	get := func(name string) string {
		if value, ok := env.Getenv(name); ok && value != "" {
			return value
		}
		value, _ := env.Getenv(strings.ToLower(name))
		return value
	}
	c := httpproxy.Config{HTTPProxy: get("HTTP_PROXY"), HTTPSProxy: get("HTTPS_PROXY"), NoProxy: get("NO_PROXY")}
	return c.ProxyFunc()
}

// trust is a target's TLS: whom it is compared with, and what is shown to it.
func trust(t config.TLS) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.Insecure, ServerName: t.ServerName}
	if t.CA != nil {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(t.CA) {
			return nil, errors.New("target.tls.ca: no certificate in it can be read; write PEM")
		}
	}
	if t.Cert != nil {
		pair, err := tls.X509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, fmt.Errorf("target.tls.cert and key: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}
