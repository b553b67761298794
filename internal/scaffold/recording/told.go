package recording

import (
	"regexp"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// tell notes the ids and names of things that an answer has. Those of comments count, too:
// what they name is there.
func (s *session) tell(e *entry) {
	body := e.Answer.Text
	if !gjson.Valid(body) {
		return
	}
	var walk func(key string, v gjson.Result, depth int)
	walk = func(key string, v gjson.Result, depth int) {
		switch {
		case depth > deepestFind || len(s.told) >= mostFound:
		case v.IsObject():
			v.ForEach(func(k, child gjson.Result) bool {
				walk(k.Str, child, depth+1)
				return true
			})
		case v.IsArray():
			for _, child := range v.Array() {
				walk(naming.Singular(key), child, depth+1)
			}
		case (v.Type == gjson.Number || v.Type == gjson.String) &&
			(naming.NamesThing(key) || toldName.MatchString(key)):
			s.told[v.String()] = true
		}
	}
	walk("", gjson.Parse(body), 0)
}

// toldName are names of values in an answer by which one thing or person is found.
var toldName = regexp.MustCompile(`(?i)^(.*_)?(uuid|slug|user_?name|login|handle|sku|isbn|ref|reference|key|number)$`)
