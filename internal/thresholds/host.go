package thresholds

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/target"
)

// hostBuilder makes the hosts beside the target.
type hostBuilder struct{ *builder }

// build makes them. Their headers are compiled for each list of steps that names them, since they may read what is
// captured there.
func (b hostBuilder) build(root *grammar.Value, known bool) {
	b.hosts = root.Get("hosts")
	for _, m := range b.hosts.Members() {
		v, at := m.Value, m.Value
		if v.Kind == grammar.ObjectKind {
			at = v.Get("url")
		}
		h := config.Host{Name: m.Key, Pos: m.Pos, HTTP: grammar.Or(v.Get("http"), target.Auto)}
		h.TLS = b.tls(v.Get("tls"))
		if at != nil {
			h.URL = b.hostURL(at, h, v.Get("http"), known)
		}
		b.config.Hosts = append(b.config.Hosts, h)
	}
}

// hostURL reads the URL of a host; "": it is a mistake, or needed only for sending.
func (b hostBuilder) hostURL(v *grammar.Value, h config.Host, version *grammar.Value, known bool) string {
	asked := b.guessed
	text, ok := b.constant(v)
	if !ok || b.guessed > asked {
		return ""
	}
	u, err := target.Parse(text)
	if err != nil {
		b.Add(v.Pos, v.Path, "%v", err)
		return ""
	}
	if version != nil {
		if err := h.HTTP.Fits(u); err != nil {
			b.Add(version.Pos, version.Path, "%v", err)
		}
	}
	if known {
		allowBuilder(b).check(u, v.Pos, v.Path)
	}
	if own, err := target.Parse(b.config.Target.URL); err == nil && own.Same(u) {
		b.Add(v.Pos, v.Path, "%s is the service of target.url; write the path alone in its steps, or leave the host "+
			"out", mistake.Show(text))
	}
	for _, other := range b.config.Hosts {
		if o, err := target.Parse(other.URL); err == nil && o.Same(u) {
			b.Add(v.Pos, v.Path, "%s is the service of the host %s in line %d too; keep one of them",
				mistake.Show(text), other.Name, other.Pos.Line)
		}
	}
	return u.Text
}

// headersFor are the headers of the host that a step names, and its auth, in its scope. A step that is sent before
// what they read is captured goes without them, as a login goes without its token.
func (b hostBuilder) headersFor(s stepBuilder, asked *grammar.Value, line grammar.RequestLine) []config.Header {
	names := keys(b.hosts)
	switch {
	case slices.Contains(names, line.Host):
	case b.Under(grammar.Join("hosts", line.Host)) || len(names) == 0 && b.Under("hosts"):
		return nil
	case len(names) == 0:
		b.AddMissing("host "+line.Host, asked.Pos, asked.Path, "there is no host %q; write hosts: {%[1]s: "+
			"https://HOST} at the top of the file", line.Host)
		return nil
	default:
		b.AddMissing("host "+line.Host, asked.Pos, asked.Path, "there is no host %q under hosts; %s", line.Host,
			mistake.Suggest(line.Host, names, "write one of"))
		return nil
	}
	b.named[line.Host] = true
	return within(s.scope, b.headersAndAuth(s.widest, b.hosts.Get(line.Host)))
}

// idle refuses hosts that no step names: their mistakes would go unnoticed.
func (b hostBuilder) idle() {
	for _, m := range b.hosts.Members() {
		if !b.named[m.Key] && !b.limits && !b.Under("users") {
			b.Add(m.Pos, m.Path, "no step names it; write GET %s:/path in a step, or leave it out", m.Key)
		}
	}
}
