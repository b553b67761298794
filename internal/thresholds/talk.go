package thresholds

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/target"
)

// captured are the captures of a step, those of the messages of its WebSocket among them.
func captured(step *grammar.Value) []grammar.Member {
	all := step.Get("capture").Members()
	for _, item := range step.Get("ws").List() {
		all = append(slices.Clip(all), item.Get("capture").Members()...)
	}
	return all
}

// talk reads ws; without it, the step begins no WebSocket. Messages are answers to their scope.
func (b stepBuilder) talk(s *config.Step, answered *expr.Scope, v *grammar.Value) {
	list := v.Get("ws")
	if list == nil {
		return
	}
	if b.kind != walked {
		b.Add(list.Pos, list.Path, "%s steps begin no WebSocket; write the step under steps, or leave ws out", b.kind)
		return
	}
	b.apartFromTalk(s, v)
	out := &config.Talk{Source: string(list.Canonical(nil))}
	for _, item := range list.List() {
		out.Items = append(out.Items, b.talkItem(s, answered, item))
	}
	for _, item := range out.Items {
		s.Capture = append(s.Capture, item.Capture...)
	}
	s.Talk = out
}

// apartFromTalk refuses what a step with a WebSocket does not read.
func (b stepBuilder) apartFromTalk(s *config.Step, v *grammar.Value) {
	for _, other := range []struct{ key, instead string }{
		{"json", "send in ws"}, {"form", "send in ws"}, {"text", "send in ws"}, {"file", "send in ws"},
		{"multipart", "send in ws"}, {"graphql", "send in ws"}, {"expect", "expect in ws"},
		{"capture", "capture beside expect in ws"}, {"until", "expect in ws"},
		{"events", ""}, {"for", ""}, {"follow", ""},
	} {
		k := v.Get(other.key)
		switch {
		case k == nil:
		case other.instead == "":
			b.Add(k.Pos, k.Path, "a step with ws has no %s; leave it out", other.key)
		default:
			b.Add(k.Pos, k.Path, "a step with ws has no %s; write %s", other.key, other.instead)
		}
	}
	at := v.Get("ws")
	if s.Method != "GET" {
		b.Add(at.Pos, at.Path, "a WebSocket begins with GET; write request: GET /path")
	}
	if slices.ContainsFunc(s.Headers, func(h config.Header) bool { return h.Digest }) {
		b.Add(at.Pos, at.Path, "auth: digest begins no WebSocket; write auth: none beside it, or another kind")
	}
	speaks := b.config.Target.HTTP
	for _, h := range b.config.Hosts {
		if h.Name == s.Host {
			speaks = h.HTTP
		}
	}
	if speaks == target.HTTP2 || speaks == target.H2C {
		b.Add(at.Pos, at.Path, "a WebSocket begins with HTTP/1.1, and the file says that HTTP/2 alone is spoken; "+
			"leave http out there, or write a host of its own")
	}
}

// talkItem reads one item.
func (b stepBuilder) talkItem(s *config.Step, answered *expr.Scope, v *grammar.Value) (item config.TalkItem) {
	send, expect, wait := v.Get("send"), v.Get("expect"), v.Get("wait")
	if expect == nil {
		for _, key := range []string{"within", "name", "capture"} {
			if k := v.Get(key); k != nil {
				b.Add(k.Pos, k.Path, "%s belongs to expect; write expect: 'true' too for any message, or leave it out",
					key)
			}
		}
	}
	if wait != nil && (send != nil || expect != nil) {
		b.Add(wait.Pos, wait.Path, "a pause is an item of its own; write - {wait: %s} before or after this one",
			wait.Text)
	}
	if json := send.Get("json"); json != nil {
		item.Send = &config.Body{JSON: b.tree(b.scope, json)}
	} else if send != nil && send.Kind == grammar.ScalarKind {
		item.Send = &config.Body{Text: b.template(b.scope, send)}
		if item.Send.Text == nil {
			item.Send = nil // of a mistake, which is reported
		}
	}
	item.Expect = b.condition(answered, expect)
	item.Within = grammar.Or(v.Get("within"), s.Timeout)
	item.Wait = grammar.Or(wait, time.Duration(0))
	if name := v.Get("name"); name != nil && expect != nil && s.Endpoint != "" {
		item.Row = b.beside(s, messageRow,
			func(endpoint string) string { return config.MessageOf(endpoint, name.Text) })
	}
	for _, m := range v.Get("capture").Members() {
		item.Capture = append(item.Capture, b.capture(answered, m))
	}
	return item
}
