package config

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/target"
)

// Public is the target's URL without credentials and query, fit to be shown.
func (t Target) Public() string { return target.Public(t.URL) }

// PublicOf is the URL of one request, given its path and query, as Public shows it.
func (t Target) PublicOf(path string) string { return target.PublicOf(t.URL, path) }

// parseAllow checks one entry of an allow list.
func parseAllow(text string) (any, error) { return text, target.CheckEntry(text) }

// target builds the part about the service.
func (b *builder) target(root *value) {
	v := root.get("target")
	t := &b.config.Target
	t.Pos = root.pos
	if v != nil {
		t.Pos = v.pos
	}
	t.Timeout = or(v.get("timeout"), defaultTimeout)
	t.Connect = or(v.get("connect_timeout"), min(defaultConnect, t.Timeout))
	if c := v.get("connect_timeout"); c != nil && t.Connect > t.Timeout {
		b.Add(c.pos, c.path, "%s is longer than the timeout of %s; write less: connecting is part of it",
			c.text, t.Timeout)
	}
	t.HTTP = or(v.get("http"), target.Auto)
	t.TLS = b.tls(v.get("tls"))
	t.NoProxy = or(v.get("proxy"), "") == "none"
	t.MaxBody = or(v.get("max_body"), int64(defaultMaxBody))
	if t.Allow = v.get("allow").texts(); len(t.Allow) == 0 {
		t.Allow = target.Loopback()
	}
	for _, entry := range v.get("allow").list() {
		t.Grants = append(t.Grants, Grant{entry.text, entry.pos})
	}
	t.Headers = b.own(b.shared, v)
	b.url(root, v)
	b.ready(v.get("ready"))
}

// url reads target.url, or the host that was given in its place, and holds it
// against the allow list: a file that would load somebody else's host is
// refused before the first packet.
func (b *builder) url(root, service *value) {
	written, pos, path := b.options.Host, mistake.Pos{}, "--host"
	if written == "" {
		v := service.get("url")
		if v == nil {
			if !b.limits && !b.Under("target") {
				b.Add(b.config.Target.Pos, "target", "url is missing; write url: http://localhost:8000, or give --host")
			}
			return
		}
		asked := b.guessed
		text, ok := b.constant(v)
		if !ok || b.guessed > asked {
			return // a mistake, or an address that only whoever sends needs to know
		}
		written, pos, path = text, v.pos, v.path
	}
	u, err := target.Parse(written)
	if err != nil {
		b.Add(pos, path, "%v", err)
		return
	}
	b.config.Target.URL = u.Text
	if v := service.get("http"); v != nil {
		if err := b.config.Target.HTTP.Fits(u); err != nil {
			b.Add(v.pos, v.path, "%v", err)
		}
	}
	if b.Under("target.allow") {
		return
	}
	allow, err := target.NewAllowList(b.config.Target.Allow)
	if err != nil {
		b.Add(b.config.Target.Pos, "target.allow", "%v", err)
	} else if u.Socket != "" && !allow.Socket(u.Socket) {
		b.Add(pos, path,
			"the unix socket %s is not on the allow list (%s); add unix:%s under target.allow if it may be loaded",
			u.Socket, strings.Join(b.config.Target.Allow, ", "), u.Socket)
	} else if u.Socket == "" && !allow.Host(u.Host) {
		b.Add(pos, path, "%s is not on the allow list (%s); add it under target.allow if it may be loaded",
			u.Host, strings.Join(b.config.Target.Allow, ", "))
	}
}

// constant is a template that must be known when the file is read.
func (b *builder) constant(v *value) (string, bool) { return b.fixed(b.shared, v) }

// fixed is constant in a scope of its own.
func (b *builder) fixed(s *expr.Scope, v *value) (string, bool) {
	t := b.template(s, v)
	if t == nil {
		return "", false
	}
	text, ok := t.Static()
	if !ok {
		b.Add(v.pos, v.path, "changes from request to request; write a fixed text, or env()")
	}
	return text, ok
}

func (b *builder) ready(v *value) {
	if v == nil {
		return
	}
	r := &b.config.Target.Ready
	r.Within = or(v.get("within"), defaultWithin)
	for _, item := range v.get("checks").list() {
		check := ReadyCheck{Method: "GET", Path: or(item.get("get"), ""),
			Expect: b.condition(b.shared.WithResponse(), item.get("expect")), Pos: item.pos}
		asked := item.get("get")
		line := requestLine{method: "GET", path: check.Path}
		if r := item.get("request"); r != nil {
			asked, line = r, or(r, requestLine{})
		}
		if asked == nil {
			continue
		}
		check.Method = line.method
		t := b.path(b.shared, asked, line)
		if t == nil {
			continue
		}
		path, ok := t.Static()
		if !ok {
			b.Add(asked.pos, asked.path, "changes from request to request; write a fixed path")
		}
		check.Path = path
		r.Checks = append(r.Checks, check)
	}
}

// timeoutOf is a step's own timeout, else the target's.
func (b *builder) timeoutOf(v *value) time.Duration {
	return or(v.get("timeout"), b.config.Target.Timeout)
}
