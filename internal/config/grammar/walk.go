package grammar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/yamlfix"
	"github.com/loadgate/loadgate/internal/loanword"
)

// walker reads YAML nodes strictly by a shape. What it returns keeps the
// grammar; what does not is in its mistakes and left out.
type walker struct {
	yamlfix.Text
	*mistake.List
	anchors map[*yaml.Node]bool // that are reported: a choice of shapes looks at its node twice
}

func newWalker(s yamlfix.Text, m *mistake.List) walker { return walker{s, m, map[*yaml.Node]bool{}} }

func (w walker) walk(s *shape, n *yaml.Node, path string) *Value {
	pos := w.Begin(n)
	if !w.checkPlain(n, path) {
		return nil
	}
	v := &Value{Pos: pos, Path: path, Kind: s.kind, Text: n.Value,
		Hint: w.CommentHint(n), At: func(offset int) mistake.Pos { return w.At(n, offset) }}
	switch {
	case s.kind == treeKind:
		return w.tree(v, n)
	case empty(n) && n.Anchor != "":
		return nil // reported already
	case empty(n):
		w.Add(pos, path, "is empty; write %s%s", s.wants(), w.CommentHint(n))
		if s.declares() {
			w.Lose(path) // so are the names that it should declare
		}
		return nil
	case s.kind == choiceKind:
		for _, c := range s.choices {
			if c.node() == n.Kind && c.marked(n) {
				return w.walk(c, n, path)
			}
		}
	case s.node() != n.Kind:
	case s.kind == ScalarKind:
		if at, message, ok := w.Swallowed(n); ok {
			w.Add(at, path, "%s", message)
			return nil
		}
		data, err := s.scalar.read(n)
		if (err != nil || brackets(n.Value)) && w.repairedAt(pos, path) {
			return nil
		}
		if err != nil {
			w.AddValue(pos, path, "%s", mistake.CutValue(err, n.Value))
			return nil
		}
		v.Data = data
		return v
	case s.kind == ListKind:
		for i, item := range n.Content {
			if read := w.walk(s.item, item, path+"["+strconv.Itoa(i)+"]"); read != nil {
				v.Items = append(v.Items, read)
			} else {
				v.leaveOut("", wordsOf(item)...)
			}
		}
		return v
	case s.kind == mapKind:
		w.names(v, s, n)
		return v
	default:
		w.object(v, s, n)
		return v
	}
	if !w.repairedAt(pos, path) {
		w.Add(pos, path, "is %s; write %s", written(n), s.wants())
	}
	return nil
}

// marked says whether a node has the key that tells a shape from the others of
// its kind.
func (s *shape) marked(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == s.mark {
			return true
		}
	}
	return s.mark == ""
}

// checkPlain refuses YAML that means something else than it shows: aliases, anchors
// and tags. An anchor is reported once, where it is written: its aliases and merge
// keys are the same mistake, and the values that they refer to are not reported as
// missing.
func (w walker) checkPlain(n *yaml.Node, path string) bool {
	pos := w.Begin(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return false
	case n.Anchor != "":
		if w.anchors[n] {
			return true
		}
		w.anchors[n] = true
		instead := fmt.Sprintf("write the value out at each *%s, or put it in quotes if it is text", n.Anchor)
		if strings.HasSuffix(path, ".start") {
			instead = "write steps that groups share under logins, and start: NAME in each group"
		}
		w.Add(pos, path, "&%s is an anchor, which is not used here; %s", n.Anchor, instead)
		return true
	case n.Style&yaml.TaggedStyle != 0:
		w.Add(pos, path, "%s is a tag, which is not used here; leave it out, or put the value in quotes if it is text",
			n.Tag)
		return false
	}
	return true
}

// pair is one key of a mapping with its value.
type pair struct{ key, value *yaml.Node }

// pairs lists the valid keys of a mapping: plain texts, each once.
func (w walker) pairs(n *yaml.Node, path string) []pair {
	var pairs []pair
	first := map[string]*yaml.Node{}
	var again []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, pos := n.Content[i], w.Begin(n.Content[i])
		switch earlier := first[key.Value]; {
		case merges(key) && n.Content[i+1].Kind == yaml.AliasNode:
		case merges(key):
			w.Add(pos, path, "<< is a merge key, which is not used here; write the keys out")
		case key.Kind != yaml.ScalarNode && key.Kind != yaml.AliasNode:
			w.Add(pos, path,
				"%s is used as a key; write a name, or put a text that begins with { or [ in quotes",
				written(key))
		case !w.checkPlain(key, path):
		case empty(key):
			w.Add(pos, path, "a key is missing before the colon; write one")
		case earlier != nil:
			again = append(again, key)
			// The value is that of the second where the first has none: that is no other mistake.
			at := slices.IndexFunc(pairs, func(p pair) bool { return p.key == earlier })
			if at >= 0 && empty(pairs[at].value) && pairs[at].value.Anchor == "" {
				pairs[at].value = n.Content[i+1]
			}
		default:
			first[key.Value] = key
			pairs = append(pairs, pair{key, n.Content[i+1]})
		}
	}
	w.repeated(again, first, path)
	return pairs
}

// repeated reports keys that a mapping has twice. Several of them in a row are one mistake: the line between the
// two objects that they belong to is missing.
func (w walker) repeated(again []*yaml.Node, first map[string]*yaml.Node, path string) {
	names := map[string]bool{}
	for _, key := range again {
		names[key.Value] = true
	}
	row := len(again) > 1 && len(names) == len(again) &&
		again[0].Line != again[1].Line && again[0].Line > first[again[len(again)-1].Value].Line
	for _, key := range again {
		remedy := "keep one"
		if row {
			remedy = "if what begins here is another, write its name above, or its dash; else keep one of each key"
		}
		w.Add(w.Begin(key), Join(path, key.Value), "is here twice, first in line %d; %s", first[key.Value].Line, remedy)
		if row {
			return
		}
	}
}

// merges says whether a node is the key that YAML merges mappings by.
func merges(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!merge" }

// object reads fixed keys.
func (w walker) object(v *Value, s *shape, n *yaml.Node) {
	have, strange := map[string]bool{}, []stranger(nil)
	for _, p := range w.rejoined(s, n, w.pairs(n, v.Path)) {
		key, pos := p.key.Value, w.Begin(p.key)
		have[key] = true
		f := s.find(key)
		path := Join(v.Path, key)
		if f == nil {
			fits := func(key string) bool { return s.find(key) != nil && !have[key] }
			if known := w.unseparated(n, p, fits); known != "" {
				w.separate(v.Path, p, known)
				have[known] = true
				continue
			}
			if w.afterComma(n, p) && s.misspelt(key, n) == "" && !isKey(key) {
				w.Add(pos, path, "unknown key; a comma ends a text inside { }: put the whole text in quotes")
				strange = append(strange, stranger{})
				continue
			}
			remedy, meant := s.unknown(key, n)
			strange = append(strange, stranger{pos, key, path, remedy, meant})
			have[meant] = true
			if f = s.find(meant); f == nil || meant != s.misspelt(key, n) {
				v.leaveOut("", declared(p.value)...)
				continue
			}
			// Read as it was meant, to avoid mistakes that only follow from this one.
			key, have[f.key] = f.key, true
		}
		before := w.Count()
		read := w.walk(f.shape, p.value, path)
		if key != p.key.Value && (p.value.Kind == yaml.ScalarNode || !f.shape.takes(p.value)) {
			w.Forget(before) // of a guess
		}
		switch {
		case read != nil:
			v.Fields = append(v.Fields, Member{Key: key, Pos: pos, Value: read})
		case key != p.key.Value: // what it was meant as is a guess
			v.leaveOut("", declared(p.value)...)
		case f.shape.kind == ListKind:
			v.leaveOut(f.key, wordsOf(p.value)...)
		default:
			v.leaveOut(f.key, declared(p.value)...)
		}
	}
	merged := slices.ContainsFunc(n.Content, merges) // a missing key may come from there
	var missing []field
	for _, f := range s.fields {
		if f.required && !have[f.key] && !merged {
			missing = append(missing, f)
		}
	}
	for _, f := range w.strangers(s, v.Path, strange, missing) {
		w.AddAbsence(v.Pos, v.Path, "%s is missing; write %s", f.key, f.example)
	}
	if !merged {
		w.exclusive(v, s, have, len(strange) > 0)
	}
}

// exclusive refuses keys of which an object has one, or one at most. strange says that it has
// unknown keys, which may be the one that was meant.
func (w walker) exclusive(v *Value, s *shape, have map[string]bool, strange bool) {
	present := func(keys []string) (found []string) {
		for _, key := range keys {
			if have[key] {
				found = append(found, key)
			}
		}
		return found
	}
	if found := present(s.one); len(s.one) > 0 && len(found) == 0 {
		if strange {
			return
		}
		w.Add(v.Pos, v.Path, "has none of %s; write one of them", strings.Join(s.one, ", "))
	} else if len(found) > 1 {
		w.Add(v.Pos, v.Path, "has %s; keep one of them", strings.Join(found, " and "))
	}
	if found := present(s.most); len(found) > 1 {
		w.Add(v.Pos, v.Path, "has %s; keep one of them", strings.Join(found, " and "))
	}
}

// names reads a map: its keys are the writer's own.
func (w walker) names(v *Value, s *shape, n *yaml.Node) {
	pairs, begun := w.pairs(n, v.Path), false
	nameless := slices.ContainsFunc(pairs, func(p pair) bool { return s.item.nameless(p) })
	for i, p := range pairs {
		pos, path := w.Begin(p.key), Join(v.Path, p.key.Value)
		bare := empty(p.value) && p.value.Anchor == "" // its keys may be those that follow
		if nameless && !begun && bare && i+1 < len(pairs) && s.item.find(pairs[i+1].key.Value) != nil {
			w.Add(w.Begin(pairs[i+1].key), path,
				"its keys begin here and are not indented further than it; indent them")
			v.leaveOut("", meantAs(p.key.Value)...)
			begun = true
			continue
		}
		if nameless && s.item.find(p.key.Value) != nil {
			if !begun {
				w.AddAbsence(pos, path, "a name is missing above this key, which is one of %s %s; "+
					"write NAME: in a line of its own, and its keys below it", article(s.item.name), s.item.name)
			}
			begun = true
			v.leaveOut("", declared(p.value)...)
			continue
		}
		data, err := s.key.readText(p.key.Value)
		if err != nil && w.valueless(n, p) {
			fits := func(key string) bool { _, err := s.key.readText(key); return err == nil }
			if known := w.unseparated(n, p, fits); known != "" {
				w.separate(v.Path, p, known)
				v.leaveOut("", known)
			} else {
				w.Add(pos, path, "%s", mistake.CutValue(err, p.key.Value))
				v.leaveOut("", meantAs(p.key.Value)...)
			}
			continue // that it is empty follows from this
		}
		if err != nil {
			w.AddValue(pos, path, "%s", mistake.CutValue(err, p.key.Value))
		}
		if word, ok := loanword.Find(loanword.Key, p.key.Value); ok && err == nil && !s.item.takes(p.value) {
			w.Add(pos, path, "is not a name here; %s", word.Remedy())
			continue
		}
		// The value is read even under a bad name: its mistakes count too.
		if read := w.walk(s.item, p.value, path); read != nil && err == nil {
			v.Fields = append(v.Fields, Member{Key: p.key.Value, Data: data, Pos: pos, Value: read})
		} else {
			v.leaveOut("", meantAs(p.key.Value)...)
		}
	}
}

// nameless says whether a key of a map of names is one of an object in it, whose name is missing.
func (s *shape) nameless(p pair) bool {
	f := s.find(p.key.Value)
	return s.kind == ObjectKind && f != nil && !s.takes(p.value) && !empty(p.value) && f.shape.takes(p.value)
}

// tree reads any JSON.
func (w walker) tree(v *Value, n *yaml.Node) *Value {
	shape := &shape{kind: treeKind}
	switch n.Kind {
	case yaml.MappingNode:
		v.Kind = ObjectKind
		for _, p := range w.pairs(n, v.Path) {
			fits := func(key string) bool { return strings.HasPrefix(p.key.Value, key+":") }
			if known := w.unseparated(n, p, fits); known != "" {
				w.separate(v.Path, p, known)
				continue
			}
			if read := w.walk(shape, p.value, Join(v.Path, p.key.Value)); read != nil {
				v.Fields = append(v.Fields, Member{Key: p.key.Value, Pos: w.Begin(p.key), Value: read})
			}
		}
	case yaml.SequenceNode:
		v.Kind = ListKind
		for i, item := range n.Content {
			if read := w.walk(shape, item, v.Path+"["+strconv.Itoa(i)+"]"); read != nil {
				v.Items = append(v.Items, read)
			}
		}
	default:
		v.Kind = ScalarKind
		data, err := leaf(n)
		if err != nil {
			w.AddValue(v.Pos, v.Path, "%v", err)
			return nil
		}
		v.Data = data
	}
	return v
}

// leaf reads one JSON value: numbers that int64 and float64 cannot hold keep
// their digits.
func leaf(n *yaml.Node) (any, error) {
	switch n.Tag {
	case "!!null":
		return nil, nil
	case "!!bool":
		return n.Value == "true", boolean(n)
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil && decimal(n.Value) {
			return i, nil
		}
	case "!!float": // YAML's name for whole numbers too that are too large for it
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil &&
			decimal(n.Value) && strings.ContainsAny(n.Value, ".eE") {
			return f, nil
		}
	default:
		return n.Value, nil
	}
	if json.Valid([]byte(n.Value)) {
		return json.Number(n.Value), nil
	}
	return nil, fmt.Errorf("%s is not a number that JSON can hold; write it in decimal, or in quotes if it is text",
		n.Value)
}
