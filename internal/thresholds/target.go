package thresholds

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/target"
)

// target builds the part about the service.
func (b *builder) target(root *grammar.Value) {
	v := root.Get("target")
	t := &b.config.Target
	t.Pos = root.Pos
	if v != nil {
		t.Pos = v.Pos
	}
	t.Timeout = grammar.Or(v.Get("timeout"), grammar.DefaultTimeout)
	t.Connect = grammar.Or(v.Get("connect_timeout"), min(grammar.DefaultConnect, t.Timeout))
	if c := v.Get("connect_timeout"); c != nil && t.Connect > t.Timeout {
		b.Add(c.Pos, c.Path, "%s is longer than the timeout of %s; write less: connecting is part of it",
			c.Text, t.Timeout)
	}
	t.HTTP = grammar.Or(v.Get("http"), target.Auto)
	t.Connections = grammar.Or(v.Get("connections"), target.Connections{})
	t.TLS = b.tls(v.Get("tls"))
	t.NoProxy = grammar.Or(v.Get("proxy"), "") == "none"
	t.MaxBody = grammar.Or(v.Get("max_body"), int64(grammar.DefaultMaxBody))
	known := allowBuilder{b}.allow(v.Get("allow"))
	t.Headers = b.headersAndAuth(b.shared, v)
	b.url(root, v, known)
	hostBuilder{b}.build(root, known && !b.Under("target.allow"))
	b.ready(v.Get("ready"))
}

// url reads target.url, or the host that was given in its place, and compares it
// with the allow list, if all of that is known: a file that would load somebody
// else's host is refused before the first packet.
func (b *builder) url(root, service *grammar.Value, known bool) {
	written, pos, path := b.options.Host, mistake.Pos{}, "--host"
	if written == "" {
		v := service.Get("url")
		if v == nil {
			if !b.limits && !b.Under("target") {
				b.Add(b.config.Target.Pos, "target", "url is missing; write url: http://localhost:8000, or give --host")
			}
			return
		}
		asked := b.guessed
		text, ok := b.constant(v)
		if !ok || b.guessed > asked {
			return // a mistake, or an address that is needed only for sending
		}
		written, pos, path = text, v.Pos, v.Path
	}
	u, err := target.Parse(written)
	if err != nil {
		b.Add(pos, path, "%v", err)
		return
	}
	b.config.Target.URL = u.Text
	if v := service.Get("http"); v != nil {
		if err := b.config.Target.HTTP.Fits(u); err != nil {
			b.Add(v.Pos, v.Path, "%v", err)
		}
	}
	if !known || b.Under("target.allow") {
		return
	}
	allowBuilder{b}.check(u, pos, path)
}

func (b *builder) ready(v *grammar.Value) {
	if v == nil {
		return
	}
	r := &b.config.Target.Ready
	r.Within = grammar.Or(v.Get("within"), grammar.DefaultWithin)
	for _, item := range v.Get("checks").List() {
		check := config.ReadyCheck{Method: "GET", Path: grammar.Or(item.Get("get"), ""),
			Expect: b.condition(b.shared.WithResponse(), item.Get("expect")), Pos: item.Pos}
		asked := item.Get("get")
		line := grammar.RequestLine{Method: "GET", Path: check.Path}
		if r := item.Get("request"); r != nil {
			asked, line = r, grammar.Or(r, grammar.RequestLine{})
		}
		if asked == nil {
			continue
		}
		if line.Host != "" {
			b.Add(asked.Pos, asked.Path, "readiness is asked of the target alone; write %s %s, or ask %s in a "+
				"setup step", line.Method, line.Path, line.Host)
			continue
		}
		check.Method = line.Method
		t := b.path(b.shared, asked, line)
		if t == nil {
			continue
		}
		path, ok := t.Static()
		if !ok {
			b.Add(asked.Pos, asked.Path, "changes from request to request; write a fixed path")
		}
		check.Path = path
		r.Checks = append(r.Checks, check)
	}
}
