package grammar

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/loanword"
)

// stranger is an unknown key of an object.
type stranger struct {
	pos       mistake.Pos
	key, path string
	remedy    string // empty: it is reported already
	meant     string // the key that it stands for; empty: not known
}

// strangers reports the unknown keys of an object, and returns which of the missing ones are mistakes
// of their own. Where one key is missing and one is unknown, that is one mistake: somebody
// wrote the one for the other.
func (w walker) strangers(s *shape, path string, strange []stranger, missing []field) []field {
	alone := len(strange) == 1 && strange[0].remedy != ""
	if alone && s.find(strange[0].meant) == nil {
		w.Stray(path)
	}
	if alone && len(missing) == 1 {
		f := missing[0]
		key := strange[0].key
		_, foreign := loanword.FindIn(s.name, key)
		known := foreign || s.misplaced(key) || requestText.pattern.MatchString(key) ||
			s.rest != nil && likePercentile.MatchString(key)
		switch {
		case f.shape.has(key):
			strange[0].remedy = "it is a key of " + f.key + ", which is missing; write " + f.example
		case !known:
			strange[0].remedy = f.key + " is missing; write " + f.example
		}
		missing = nil
	}
	for _, u := range strange {
		if u.remedy != "" {
			w.Add(u.pos, u.path, "unknown key; %s", u.remedy)
		}
	}
	return missing
}

// has says whether a shape, an item of it or one of its choices has a key.
func (s *shape) has(key string) bool {
	if s == nil {
		return false
	}
	for _, c := range s.choices {
		if c.has(key) {
			return true
		}
	}
	return s.kind == ListKind && s.item.has(key) || s.kind == ObjectKind && s.find(key) != nil
}

// afterComma says whether a key of { } has no value and follows another, as the
// rest of a text does that has a comma in it.
func (w walker) afterComma(n *yaml.Node, p pair) bool {
	return w.valueless(n, p) && n.Content[0] != p.key
}

// valueless says whether a key of { } has neither a colon nor a value.
func (w walker) valueless(n *yaml.Node, p pair) bool {
	return n.Style&yaml.FlowStyle != 0 && p.value.Kind == yaml.ScalarNode && empty(p.value) && !w.HasColon(p.key)
}

// rejoined puts numbers together that a comma cuts in two inside { }: 0,5s is the value 0 and the key 5s there.
func (w walker) rejoined(s *shape, n *yaml.Node, pairs []pair) (whole []pair) {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	for _, p := range pairs {
		key := p.key.Value
		if len(whole) > 0 && key != "" && digit(key[0]) && s.find(key) == nil && w.afterComma(n, p) {
			last := *whole[len(whole)-1].value
			if text := last.Value; last.Kind == yaml.ScalarNode && last.Style == 0 && text != "" &&
				digit(text[len(text)-1]) && last.Line == p.key.Line && last.Column+len(text)+1 == p.key.Column {
				last.Value, last.Tag = text+","+key, "!!str"
				whole[len(whole)-1].value = &last
				continue
			}
		}
		whole = append(whole, p)
	}
	return whole
}

// unseparated is the key of { } that a text begins with whose colon, or whose space after the colon, is
// missing; "": there is none.
func (w walker) unseparated(n *yaml.Node, p pair, known func(key string) bool) string {
	if !w.valueless(n, p) {
		return ""
	}
	text := p.key.Value
	at := strings.IndexAny(text, ": ")
	if at <= 0 || at == len(text)-1 || !known(text[:at]) {
		return ""
	}
	return text[:at]
}

// separate reports that a key and its value are not apart, where the colon or space belongs.
func (w walker) separate(path string, p pair, key string) {
	rest := p.key.Value[len(key):]
	value := strings.TrimLeft(rest, ": ")
	what, at := "a colon is missing after "+mistake.Show(key), len(key)
	if rest[0] == ':' {
		what, at = "a space is missing after the colon", len(key)+1
	}
	w.Add(w.At(p.key, at), Join(path, key), "%s; write %s: %s", what, mistake.Show(key), mistake.Show(value))
}
