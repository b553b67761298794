package scaffold

import (
	"bytes"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/unit"
)

// value is a part of the file: a tree of text, numbers, lists and maps.
type value = yaml.Node

// scalar is one value in the words of YAML.
func scalar(tag, text string) *value {
	return &value{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

// oldTruth is what readers of older YAML take for true or false.
var oldTruth = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off)$`)

// plain says whether a text may stand without quotes in the file.
func plain(text string) bool {
	if text == "" || strings.TrimSpace(text) != text || strings.ContainsAny(text, "?{}[]*>@!#%&:,\"'`|\\\n\r\t") ||
		strings.HasPrefix(text, "-") {
		return false
	}
	if oldTruth.MatchString(text) {
		return false
	}
	var back any // as YAML takes it: true, null, numbers and times are not text
	return yaml.Unmarshal([]byte(text), &back) == nil && back == any(text)
}

// text is a text in the quotes that it needs.
func text(s string) *value {
	s = strings.ToValidUTF8(s, "\ufffd") // of other encodings
	n := scalar("!!str", s)
	switch {
	case plain(s):
	case strings.ContainsAny(s, "\n\r\t'") ||
		strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\ufeff' }):
		n.Style = yaml.DoubleQuotedStyle
	default:
		n.Style = yaml.SingleQuotedStyle
	}
	return n
}

// literal is a text in which nothing is an expression.
func literal(s string) *value { return text(escaped(s)) }

// escaped is a text as a template writes it.
func escaped(s string) string { return strings.ReplaceAll(s, "${", "$${") }

// number is a whole number or one with a fraction.
func number(f float64) *value {
	if f == float64(int64(f)) {
		return scalar("!!int", strconv.FormatInt(int64(f), 10))
	}
	return scalar("!!float", strconv.FormatFloat(f, 'f', -1, 64))
}

func truth(b bool) *value { return scalar("!!bool", strconv.FormatBool(b)) }

// variableText is the template that holds a variable.
func variableText(name string) string { return "${ " + name + " }" }

// quoted is a text as an expression writes it.
func quoted(s string) string { return strconv.Quote(s) }

// object begins a map.
func object() *value { return &value{Kind: yaml.MappingNode, Tag: "!!map"} }

// set appends a name and its value to a map.
func set(to *value, name string, v *value) {
	to.Content = append(to.Content, text(name), v)
}

// children are the values in a map with their names, or those in a list with the name
// of the list.
func children(name string, v *value) iter.Seq2[string, *value] {
	return func(yield func(string, *value) bool) {
		if v.Kind != yaml.MappingNode {
			for _, c := range v.Content {
				if !yield(name, c) {
					return
				}
			}
			return
		}
		for i := 0; i+1 < len(v.Content); i += 2 {
			if !yield(v.Content[i].Value, v.Content[i+1]) {
				return
			}
		}
	}
}

// list is a sequence.
func list(items ...*value) *value {
	return &value{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// inline puts a map or list on one line.
func inline(v *value) *value {
	v.Style |= yaml.FlowStyle
	return v
}

func pairs(all []pair) *value {
	m := object()
	for _, p := range all {
		set(m, p.name, text(p.text))
	}
	return m
}

// short puts a tree that is small on one line.
func short(v *value) *value {
	if v.Kind == yaml.ScalarNode {
		return v
	}
	length := 0
	for _, c := range v.Content {
		if c.Kind != yaml.ScalarNode {
			length += 40
		}
		length += len(c.Value) + 4
	}
	if length <= 90 {
		return inline(v)
	}
	for i, c := range v.Content {
		if v.Kind == yaml.SequenceNode || i%2 == 1 {
			short(c)
		}
	}
	return v
}

// look is what a person must look at, as a comment. Its text is of the source,
// and stays on its line.
func look(looks []string) string {
	var lines []string
	for _, l := range looks {
		lines = append(lines, "# look: "+oneLine(l))
	}
	return strings.Join(lines, "\n")
}

// oneLine is a text as a line, cut where it is long.
func oneLine(s string) string {
	s = safetext.Line(s)
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200]) + "…"
	}
	return s
}

// entry appends a name with comments above it.
func entry(to *value, name string, looks []string, v *value) {
	set(to, name, v)
	to.Content[len(to.Content)-2].HeadComment = look(looks)
}

// encode is the file as text.
func (d *Draft) encode() ([]byte, error) {
	root := object()
	set(root, "version", number(1))
	if d.name != "" {
		set(root, "name", text(oneLine(d.name)))
	}
	if d.writes() {
		entry(root, "drafted", []string{"what do its requests write? As long as this line is here, " +
			"loadgate try sends GET and HEAD alone, and run loads nothing"}, truth(true))
	}
	d.environment(root)
	if len(d.groups) > 0 {
		d.load(root)
	}
	rules := object()
	for _, r := range d.rules {
		entry(rules, r.name, r.looks, r.encode())
	}
	set(root, "thresholds", rules)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n", oneLine("Made from "+d.origin+
		" by loadgate init. Lines with look: want a person's eye; docs/thresholds.md explains every key."))
	if looks := look(d.looks); looks != "" {
		fmt.Fprintln(&out, looks)
	}
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, err
	}
	return spaced(out.Bytes()), e.Close()
}

// writes says whether a request of the file is one that may change something.
func (d *Draft) writes() bool {
	for _, g := range d.groups {
		for _, s := range slices.Concat(g.start, g.steps) {
			if !s.off && s.method != "GET" && s.method != "HEAD" {
				return true
			}
		}
	}
	return false
}

// spaced is the file with a blank line before each of its larger parts.
func spaced(text []byte) []byte {
	for _, part := range []string{"target", "profiles", "users", "thresholds"} {
		text = bytes.Replace(text, []byte("\n"+part+":"), []byte("\n\n"+part+":"), 1)
	}
	return text
}

func (d *Draft) environment(root *value) {
	names, secrets := list(), list()
	for _, v := range d.variables {
		names.Content = append(names.Content, text(v.name))
		if v.secret {
			secrets.Content = append(secrets.Content, text(v.name))
		}
	}
	if len(names.Content) > 0 {
		set(root, "env", inline(names))
	}
	if len(secrets.Content) > 0 {
		set(root, "secret", inline(secrets))
	}
}

func (d *Draft) load(root *value) {
	target := object()
	set(target, "url", text(d.url))
	if hosts := d.allow(); hosts != nil {
		allowed := list()
		for _, h := range hosts {
			allowed.Content = append(allowed.Content, text(h))
		}
		entry(target, "allow", []string{"it is not this machine: is it yours to load?"}, inline(allowed))
	}
	if d.ready != "" {
		check := object()
		set(check, "get", text(d.ready))
		ready := object()
		set(ready, "checks", list(check))
		set(target, "ready", inline(ready))
	}
	set(root, "target", target)
	profile := object()
	for _, p := range []struct {
		key string
		v   *value
	}{{"users", number(float64(d.size.users))}, {"spawn_rate", text("5/s")},
		{"duration", text(unit.Compact(d.size.duration))}, {"pace", text("auto")}} {
		set(profile, p.key, p.v)
	}
	profiles := object()
	set(profiles, "light", inline(profile))
	set(root, "profiles", profiles)
	users := object()
	for _, g := range d.groups {
		entry(users, g.name, g.looks, g.encode())
	}
	for _, g := range slices.Backward(d.idle) {
		first := users.Content[0]
		first.HeadComment = strings.TrimSpace(g.comment() + "\n" + first.HeadComment)
	}
	set(root, "users", users)
}

// comment is a group of which no request is sent, with the reasons.
func (g *group) comment() string {
	live := *g
	live.steps = nil
	for _, s := range g.steps {
		one := *s
		one.off, one.looks = false, nil
		live.steps = append(live.steps, &one)
	}
	one := object()
	set(one, g.name, live.encode())
	looks := []string{"group " + g.name + " is a comment: no request of it could be sent as it is"}
	return look(append(looks, g.reasons()...)) + "\n" + commented(one)
}

func (g *group) encode() *value {
	m := object()
	set(m, "wait", text(g.wait))
	if g.weighted {
		set(m, "order", text("weighted"))
	}
	if len(g.headers) > 0 {
		set(m, "headers", short(pairs(g.headers)))
	}
	if g.auth != nil {
		set(m, "auth", short(g.auth))
	}
	if len(g.start) > 0 {
		set(m, "start", steps(g.start))
	}
	set(m, "steps", steps(g.steps))
	return m
}

// steps are a list, with those that are off as comments above it.
func steps(all []*step) *value {
	l := list()
	var comments []string
	for _, off := range []bool{true, false} {
		for _, s := range all {
			if s.off != off {
				continue
			}
			n := s.encode()
			if looks := look(s.looks); looks != "" {
				comments = append(comments, looks)
			}
			if off {
				comments = append(comments, commented(list(n)))
				continue
			}
			n.HeadComment = strings.Join(comments, "\n")
			comments = nil
			l.Content = append(l.Content, n)
		}
	}
	return l
}

// commented is a part of the file as a comment.
func commented(n *value) string {
	var out strings.Builder
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if e.Encode(n) != nil || e.Close() != nil {
		return ""
	}
	return "# " + strings.ReplaceAll(strings.TrimRight(out.String(), "\n"), "\n", "\n# ")
}

func (s *step) encode() *value {
	request := text(s.method + " " + s.path)
	m := object()
	set(m, "request", request)
	if s.name != "" {
		set(m, "name", text(s.name))
	}
	if s.weight > 0 {
		set(m, "weight", number(float64(s.weight)))
	}
	if len(s.headers) > 0 {
		set(m, "headers", short(pairs(s.headers)))
	}
	if s.body != nil {
		set(m, s.body.key, short(s.body.content))
	}
	if s.expect != "" {
		set(m, "expect", text(s.expect))
	}
	if len(s.capture) > 0 {
		set(m, "capture", short(pairs(s.capture)))
	}
	if s.follow {
		set(m, "follow", truth(true))
	}
	if s.secret {
		set(m, "secret", truth(true))
	}
	switch len(m.Content) {
	case 2:
		return request
	case 4:
		if s.weight > 0 || s.follow {
			return inline(m)
		}
	}
	return m
}

func (r rule) encode() *value {
	m := object()
	endpoints := list()
	for _, e := range r.endpoints {
		endpoints.Content = append(endpoints.Content, text(e))
	}
	if len(r.endpoints) == 1 {
		endpoints = endpoints.Content[0]
	}
	set(m, "endpoints", short(endpoints))
	for _, l := range r.limits {
		set(m, l.name, scalar("!!str", l.text))
	}
	return inline(m)
}
