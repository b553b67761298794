// Package identity says when two loads are the same: digests of what a file describes, as it is written. Results of
// different loads never mix, and figures of an edited file are compared with earlier ones only where their part is
// unchanged. All functions are pure, and safe for concurrent use.
package identity

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/textproto"
	"net/url"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/target"
)

// Of identifies the load that a file describes: users, steps, data and target settings, not the host, profiles, limits,
// comments or layout. It is the first half of a SHA-256 over a canonical form of the load, in 32 hexadecimal digits:
// what is sent, by whom and how often, and what makes an answer a success.
// Templates and expressions count as they are written, so that neither a host
// nor a password from the environment changes it.
func Of(s *config.Config) string {
	type table struct {
		Name string
		Pick config.Pick
		Rows []map[string]any
	}
	load := struct {
		Version string
		Prefix  string
		HTTP    target.Protocol    `json:",omitempty"`
		Keep    target.Connections `json:",omitzero"`
		MaxBody int64
		Trace   float64 `json:",omitempty"`
		Data    []table
		Groups  []any
		Once    []any `json:",omitempty"`
		Hosts   []any `json:",omitempty"`
	}{
		Version: grammar.Version, Prefix: pathOf(s.Target.URL), HTTP: s.Target.HTTP, Keep: s.Target.Connections,
		MaxBody: s.Target.MaxBody, Trace: s.Trace.Sample,
	}
	for _, h := range s.Hosts {
		load.Hosts = append(load.Hosts, []any{h.Name, pathOf(h.URL), h.HTTP})
	}
	for _, d := range s.Data {
		load.Data = append(load.Data, table{d.Name, d.Pick, d.Rows})
	}
	load.Once = canonicalOnce(s)
	for _, g := range s.Groups {
		load.Groups = append(load.Groups, canonicalGroup(g))
	}
	text, err := json.Marshal(load)
	if err != nil {
		panic("identity: load that is no JSON: " + err.Error()) // made of JSON values only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// pathOf is the path of a service's URL, which is sent before that of each step.
func pathOf(service string) string {
	_, prefix, socket := target.SocketURL(service)
	if u, err := url.Parse(service); err == nil && !socket {
		prefix = u.EscapedPath()
	}
	return prefix
}

// OfSetup identifies what is sent before and after the load, and what that captures; "" where there is nothing.
func OfSetup(s *config.Config) string {
	if once := canonicalOnce(s); once != nil {
		return sum(once...)
	}
	return ""
}

// canonicalOnce is what is sent before and after the load; nil: nothing.
func canonicalOnce(s *config.Config) (all []any) {
	for i, list := range [][]config.Step{s.Setup, s.Teardown} {
		for _, step := range list {
			all = append(all, []any{[]string{"setup", "teardown"}[i], canonicalStep(step)})
		}
	}
	return all
}

func canonicalGroup(g config.Group) any {
	vars := [][2]string{}
	for _, v := range g.Vars {
		vars = append(vars, [2]string{v.Name, v.Source})
	}
	steps := []any{}
	for s := range g.All() {
		steps = append(steps, canonicalStep(s))
	}
	return append([]any{g.Name, g.Weight, g.Wait.Min, g.Wait.Max, g.Order, vars, steps}, canonicalWait(g.Wait)...)
}

// canonicalWait is what a wait has beside its bounds; nil: nothing.
func canonicalWait(w config.Wait) []any {
	if w.Mean == 0 && !w.Pacing {
		return nil
	}
	return []any{"wait", w.Mean, w.Pacing}
}

// canonicalAfter is what is written of the wait after a step, and that there is none inside a transaction.
func canonicalAfter(s config.Step) (all []any) {
	if s.Wait != nil {
		all = append(all, append([]any{"wait", s.Wait.Min, s.Wait.Max}, canonicalWait(*s.Wait)...))
	}
	if s.Transaction != nil {
		all = append(all, "no waits inside")
	}
	return all
}

func canonicalStep(s config.Step) any {
	headers, body, conditions, captures := canonicalExchange(s)
	step := []any{
		s.Endpoint, s.Start, s.Method, s.Path.String(), s.Times, s.Weight,
		headers, body, conditions, captures, s.Follow, s.Timeout,
	}
	if s.End {
		step = append(step, "end")
	}
	if s.Host != "" {
		step = append(step, []any{"host", s.Host})
	}
	if written := s.Retry; s.Once.Any() && written != config.OnceRetry || !s.Once.Any() && written != (config.Retry{}) {
		step = append(step, []any{"retry", written.Times, written.Wait})
	}
	if t := s.Transaction; t != nil {
		step = append(step, []any{t.Name, t.Times, t.Weight})
	}
	if s.Parallel > 0 {
		step = append(step, []any{"parallel", s.Parallel})
	}
	return append(append(step, canonicalAfter(s)...),
		slices.Concat(canonicalPoll(s), canonicalEach(s), canonicalStream(s))...)
}

// canonicalExchange is what a step sends in addition to its method and path, and
// what it takes from the answer.
func canonicalExchange(s config.Step) (headers [][2]string, body []any, conditions []string, captures [][2]string) {
	captures = [][2]string{}
	for _, c := range s.Capture {
		value := c.Value.String()
		if c.Forget {
			value += " keep: false"
		}
		captures = append(captures, [2]string{c.Name, value})
	}
	headers = [][2]string{}
	for _, h := range s.Headers {
		headers = append(headers,
			[2]string{textproto.CanonicalMIMEHeaderKey(h.Name), cmp.Or(h.Source, h.Value.String())})
	}
	conditions = []string{"", ""}
	if s.When != nil {
		conditions[0] = s.When.String()
	}
	if s.Expect != nil {
		conditions[1] = s.Expect.String()
	}
	if s.Body != nil {
		fields := [][2]string{}
		for _, f := range s.Body.Form {
			fields = append(fields, [2]string{f.Name, f.Value.String()})
		}
		text := ""
		if s.Body.Text != nil {
			text = s.Body.Text.String()
		}
		body = []any{s.Body.ContentType, s.Body.Source, fields, text, s.Body.File}
		if s.Body.Multipart != nil {
			body = append(body, canonicalParts(s.Body.Multipart))
		}
	}
	return headers, body, conditions, captures
}

func canonicalParts(parts []config.Part) []any {
	var canonical []any
	for _, p := range parts {
		canonical = append(canonical, p.Canonical())
	}
	return canonical
}

// canonicalPoll is what is written of polling; nil: nothing.
func canonicalPoll(s config.Step) []any {
	if s.Poll.Until == nil {
		return nil
	}
	return []any{[]any{"until", s.Poll.Until.String(), s.Poll.Every, s.Poll.Within}}
}

// canonicalStream is what is written of a stream of events and of a WebSocket; nil: nothing.
func canonicalStream(s config.Step) (all []any) {
	if s.Stream != nil {
		all = append(all, []any{"events", s.Stream.Events, s.Stream.All, s.Stream.For})
	}
	if s.Talk != nil {
		all = append(all, []any{"ws", s.Talk.Source})
	}
	return all
}

// canonicalEach is what is written of the lists of a step and of its transaction; nil: nothing.
func canonicalEach(s config.Step) (all []any) {
	if t := s.Transaction; t != nil && t.Each != nil {
		all = append(all, []any{"transaction each", t.Each.String()})
	}
	if s.Each != nil {
		all = append(all, []any{config.EachName, s.Each.String()})
	}
	return all
}
