package scaffold

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// commanded says why what a body says is no load: it orders what a path such as
// /rpc does not say.
func commanded(content *value) string {
	if content == nil {
		return ""
	}
	var why string
	because := func(word string) {
		if word != "" && why == "" {
			why = fmt.Sprintf("its body says %q", oneLine(word))
		}
	}
	var walk func(key string, v *value)
	walk = func(key string, v *value) {
		if why != "" {
			return
		}
		if len(v.Content) == 0 {
			because(ordered(key, v))
			if key == "query" && mutation.MatchString(v.Value) || key == "" && mutates.MatchString(v.Value) {
				why = "it is a mutation"
			}
			if otherPassword.MatchString(key) {
				why = "it changes a password"
			}
		}
		for name, c := range children(key, v) {
			if v.Kind == yaml.MappingNode && c.Kind == yaml.MappingNode {
				because(inElement(name))
			}
			walk(name, c)
		}
	}
	walk("", content)
	return why
}

// inElement is the word of an element or object that nobody can take back: a call of
// SOAP is named by one.
func inElement(name string) string {
	return cmp.Or(undone(name, false), verbIn(name, acting))
}

// ordered is what a value of a body orders; empty: nothing.
func ordered(key string, v *value) string {
	text := strings.ReplaceAll(v.Value, "$${", "${")
	if says := orders(key, text, true); says != "" {
		return says
	}
	whole := v.Tag != "!!str" || len(wordsOf(key)) == 1 // a cancel_url is none
	if word := undone(key, false); word != "" && whole && !isNo(text) {
		return word
	}
	if v.Tag != "!!str" {
		return ""
	}
	if found := statement.FindString(text); found != "" {
		return found
	}
	if words := wordsOf(text); calls.MatchString(text) && len(words) > 1 && len(words) < 6 {
		for _, word := range []string{words[0], words[len(words)-1]} { // user.remove, REMOVE_USER
			if undone(word, false) != "" {
				return text
			}
		}
	}
	for _, m := range element.FindAllStringSubmatch(text, 50) {
		if word := actingWord(m[1]); word != "" {
			return word
		}
	}
	if key == "" { // a text alone
		return undone(text, false)
	}
	return ""
}

// calls is what names a call: user.remove, removeUser, REMOVE_USER.
var calls = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*([._:/#][A-Za-z0-9]+)*$`)

var (
	// mutation is what writes in GraphQL.
	mutation = regexp.MustCompile(`(?:^|[\s}])mutation\b`)
	// mutates is such a text alone.
	mutates = regexp.MustCompile(`(?:^|[\s}])(mutation|subscription)\b[^{]*\{`)
	// element is the name of an element of XML, as in a call of SOAP.
	element = regexp.MustCompile(`<([A-Za-z][\w.:-]*)`)
)
