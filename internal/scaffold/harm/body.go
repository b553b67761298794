package harm

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// Body says why what a body says is no load: it orders what a path such as
// /rpc does not say.
func Body(content *node.Value) string {
	if content == nil {
		return ""
	}
	var why string
	because := func(word string) {
		if word != "" && why == "" {
			why = fmt.Sprintf("its body says %q", naming.Line(word))
		}
	}
	var walk func(key string, v *node.Value)
	walk = func(key string, v *node.Value) {
		if why != "" {
			return
		}
		if len(v.Content) == 0 {
			because(ofValue(key, v))
			if key == "query" && mutation.MatchString(v.Value) || key == "" && mutationText.MatchString(v.Value) {
				why = "it is a mutation"
			}
			if passwordChange.MatchString(key) {
				why = "it changes a password"
			}
		}
		for name, c := range node.Children(key, v) {
			if v.Kind == yaml.MappingNode && c.Kind == yaml.MappingNode {
				because(ofElement(name))
			}
			walk(name, c)
		}
	}
	walk("", content)
	return why
}

// ofElement is the word of an element or object that means something irreversible: SOAP
// names its calls by elements.
func ofElement(name string) string {
	return cmp.Or(irreversible(name, false), naming.First(name, actingVerbs))
}

// ofValue is what a value of a body orders; empty: nothing.
func ofValue(key string, v *node.Value) string {
	text := strings.ReplaceAll(v.Value, "$${", "${")
	if says := ofCommand(key, text, true); says != "" {
		return says
	}
	whole := v.Tag != "!!str" || len(naming.Words(key)) == 1 // a cancel_url is none
	if word := irreversible(key, false); word != "" && whole && !naming.IsNo(text) {
		return word
	}
	if v.Tag != "!!str" {
		return ""
	}
	if words := naming.Words(text); len(words) > 0 && len(words) < 4 && kindOfWork.MatchString(key) &&
		(irreversible(words[0], true) != "" || irreversible(words[len(words)-1], false) != "") {
		return text
	}
	if found := statement.FindString(text); found != "" {
		return found
	}
	if words := naming.Words(text); callName.MatchString(text) && len(words) > 1 && len(words) < 6 {
		for _, word := range []string{words[0], words[len(words)-1]} { // user.remove, REMOVE_USER
			if irreversible(word, false) != "" {
				return text
			}
		}
	}
	for _, m := range element.FindAllStringSubmatch(text, 50) {
		if word := ActingWord(m[1]); word != "" {
			return word
		}
	}
	if key == "" { // a text alone
		return irreversible(text, false)
	}
	return ""
}

var (
	// callName is what names a call: user.remove, removeUser, REMOVE_USER.
	callName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*([._:/#][A-Za-z0-9]+)*$`)
	// kindOfWork are keys whose value says what a job does: {"type": "cleanup"}.
	kindOfWork = regexp.MustCompile(`(?i)^(type|kind|job|task|work|script|workflow|` +
		`(job|task|work)[_-]?(type|kind|name))$`)
	// mutation is what writes in GraphQL.
	mutation = regexp.MustCompile(`(?:^|[\s}])mutation\b`)
	// mutationText is such a text alone.
	mutationText = regexp.MustCompile(`(?:^|[\s}])(mutation|subscription)\b[^{]*\{`)
	// element is the name of an element of XML, as in a call of SOAP.
	element = regexp.MustCompile(`<([A-Za-z][\w.:-]*)`)
	// passwordChange are keys of a body that changes a password.
	passwordChange = regexp.MustCompile(`(?i)^(new|old|current|confirm)_?-?pass(word|wd)`)
)
