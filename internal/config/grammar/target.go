package grammar

import (
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/unit"
)

func tlsShape() *shape {
	return &shape{kind: ObjectKind, name: "tls", fields: []field{
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

// protocolText takes 1.1 and 2 as YAML reads them, as numbers, and in quotes.
var protocolText = &scalar{name: "HTTP version", example: "2",
	enum: []string{"auto", "1.1", "2", "h2c"}, bare: true, parse: parseProtocol}

// serverText is a host as a certificate names it.
var serverText = &scalar{name: "host name", json: "string", example: "api.internal",
	pattern: wholeText(`[0-9A-Za-z._:-]+`), parse: asWritten}

var connectionsText = &scalar{name: "per user, per round, per request, max age or pool number", json: "string",
	example: "per request",
	pattern: wholeText(`per (?:user|round|request)|max ` + durationPattern + `|pool [1-9][0-9]{0,5}`),
	parse:   func(text string) (any, error) { return target.ParseConnections(text) }}

func parseProtocol(text string) (any, error) {
	return map[string]target.Protocol{"auto": target.Auto, "1.1": target.HTTP1, "2": target.HTTP2,
		"h2c": target.H2C}[text], nil
}

func headersShape() *shape { return mapOf(headerText, scalarOf(templateText)) }

func targetShape() *shape {
	return &shape{kind: ObjectKind, name: "target", fields: []field{
		{key: "url", shape: scalarOf(templateText), doc: "Where the service is, http://, https:// or http+unix://; " +
			"it may contain env(). --host replaces it.", def: "--host", example: "url: http://localhost:8000"},
		{key: "allow", shape: listOf(scalarOf(hostText)), doc: "Host names, *.DOMAIN for all names below a " +
			"domain, addresses, CIDR prefixes and unix sockets that may be dialled; the url's host or socket must be " +
			"one of them. A name may contain env().",
			def: "this machine", example: "allow: [staging.example.com, '*.preview.example.com', 10.0.0.0/8]"},
		{key: "http", shape: scalarOf(protocolText), doc: "The version of HTTP: 1.1, 2 over TLS, h2c for HTTP/2 " +
			"without TLS; auto takes over TLS what the service prefers, else 1.1.", def: "auto", example: "http: 2"},
		{key: "connections", shape: scalarOf(connectionsText), doc: "How long a user keeps a connection: from " +
			"request to request, until its round ends, for one request, or until it is so old; pool 20: all users " +
			"share so many to each host.",
			def: "per user", example: "connections: max 30s"},
		{key: "tls", shape: tlsShape(), doc: "What is trusted and shown over TLS.",
			def: "what this machine trusts", example: "tls: {ca: certs/ca.pem}"},
		{key: "proxy", shape: scalarOf(enum("environment", "none")), doc: "environment: HTTP_PROXY, HTTPS_PROXY and " +
			"NO_PROXY hold, but never for this machine; none: they do not.",
			def: "environment", example: "proxy: none"},
		{key: "timeout", shape: scalarOf(positiveText), doc: "For one whole request, redirects included.",
			def: unit.Of(DefaultTimeout).String(), example: "timeout: 10s"},
		{key: "connect_timeout", shape: scalarOf(positiveText), doc: "For one connect with TLS; part of timeout.",
			def: unit.Of(DefaultConnect).String() + ", at most timeout", example: "connect_timeout: 2s"},
		{key: "max_body", shape: scalarOf(sizeText), doc: "The largest answer that is no failure.",
			def: unit.Quantity{Value: DefaultMaxBody, Unit: unit.Bytes}.String(), example: "max_body: 1MiB"},
		{key: "headers", shape: headersShape(), doc: "Sent with every request, readiness checks included.",
			def: "none", example: "headers: {Accept: application/json}"},
		{key: "auth", shape: authShape(),
			doc: "Sent as an Authorization header with every request, readiness checks included.",
			def: "none", example: "auth: {bearer: '${ env(\"API_TOKEN\") }'}"},
		{key: "ready", shape: readyShape(), doc: "When the service may be loaded.",
			def: "no check", example: "ready: {checks: [{get: /health}]}"},
	}}
}

// hostShape is one more host that steps name.
func hostShape() *shape {
	host := &shape{kind: ObjectKind, name: "host", fields: []field{
		{key: "url", shape: scalarOf(templateText), required: true, doc: "Where it is, http://, https:// or " +
			"http+unix://; it may contain env(). It must be on target.allow.",
			example: "url: https://login.example.com"},
		{key: "http", shape: scalarOf(protocolText), doc: "The version of HTTP, as target.http.", def: "auto",
			example: "http: 1.1"},
		{key: "tls", shape: tlsShape(), doc: "What is trusted and shown over TLS.",
			def: "what this machine trusts", example: "tls: {ca: certs/ca.pem}"},
		{key: "headers", shape: headersShape(), doc: "Sent with every request to it, in the place of those of the " +
			"target and the group; they may read what the group captures.", def: "none",
			example: "headers: {Accept: application/json}"},
		{key: "auth", shape: authShape(), doc: "Sent as an Authorization header with every request to it.",
			def: "none", example: "auth: {bearer: '${ token }'}"},
	}}
	return choice("URL or host", scalarOf(templateText), host)
}

func readyShape() *shape {
	check := &shape{kind: ObjectKind, name: "ready check", one: []string{"get", "request"}, fields: []field{
		{key: "get", shape: scalarOf(pathText), doc: "The path to GET.", def: "none", example: "get: /health"},
		{key: "request", shape: scalarOf(requestText), doc: "Method and path, where it is not a GET.",
			def: "none", example: "request: HEAD /health"},
		{key: "expect", shape: scalarOf(exprText), doc: "What the answer must be.",
			def: "a 2xx status", example: `expect: 'body.status == "healthy"'`},
	}}
	return &shape{kind: ObjectKind, name: "ready", fields: []field{
		{key: "within", shape: scalarOf(positiveText), doc: "How long to wait for all checks to succeed.",
			def: unit.Of(DefaultWithin).String(), example: "within: 120s"},
		{key: "checks", shape: listOf(check), required: true, doc: "Requests that must succeed before the load begins.",
			example: "checks: [{get: /health}, {get: /api/items}]"},
	}}
}
