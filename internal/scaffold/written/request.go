// Package written makes steps of the requests that people wrote down for another tool, in a
// script or in a collection. It decides what of them may be in a file: a secret becomes a
// variable of the environment, and what writes to what the group did not make becomes a comment.
// It does not know the language that they were written in.
package written

import "strings"

// Request is one that somebody wrote down.
type Request struct {
	Method  string
	Title   string // what it is called, which becomes the name of its endpoint where Named
	Named   bool
	Path    Text // with its query; what comes before it is the service
	Headers []Field
	Body    *Body // nil: it has none
	Expect  []string
	Looks   []string
	Held    []string // why it is a comment, whatever it does
	Times   int      // in a row; 0 and 1: once
	When    string
	Wait    string // after it; empty: as its group says
	Follow  bool
	Basic   *Basic // the name and password that it shows; nil: none
	User    Text   // as NAME:PASSWORD, what is before the host of its address; nil: nothing

	// Within is what the request is a part of, such as a group of k6; equal for all that belong
	// together. Nil: it stands alone.
	Within *Group
}

// Group is a part of a script that has a name.
type Group struct{ Name string }

// Field is a name with its value.
type Field struct {
	Name  string
	Value Text
}

// Basic is who a request says it is, in basic authentication.
type Basic struct{ Name, Password Text }

// Body is what a request sends. Exactly one field but Type is set.
type Body struct {
	JSON  *Value
	Form  []Field
	Parts []Field // of a form in several parts
	Text  Text
	Type  string // its content type, where it was written; empty: it was not
}

// Text is a text in parts.
type Text []Part

// Part is a piece of a text: as it is, or known only when the request is sent. At most one field
// is set, but for Draw, which is beside Code, and Otherwise, which is beside Env; the zero
// value is the empty text.
type Part struct {
	Literal   string
	Code      string  // an expression of thresholds.yaml
	Draw      *Draw   // which draw Code is; nil: one that is shown once
	Answer    *Answer // a value of an earlier answer
	Env       string  // a variable of the environment
	Otherwise *string // its default; nil: it has none
	Hidden    *Hidden // a secret, whatever its form is
	Lost      string  // what could not be read, in words
}

// Hidden is a secret that was written down: what it is called, and its value, which is compared with others and
// never written. An empty value is not known, and that of the name.
type Hidden struct{ Name, Value string }

// Answer is a value of the answer to an earlier request.
type Answer struct {
	Of    *Request
	Where string // the expression that finds it in the answer
	Key   string // the name that it has there
	Name  string // what the script calls it; empty: nothing
}

// Plain is a text that is known.
func Plain(text string) Text {
	if text == "" {
		return nil
	}
	return Text{{Literal: text}}
}

// Literal is a text that is known as a whole; known is false where it is not.
func (t Text) Literal() (text string, known bool) {
	for _, p := range t {
		if p.Literal == "" && p != (Part{}) {
			return "", false
		}
		text += p.Literal
	}
	return text, true
}

// CutUser cuts an address behind its scheme into the user and the password before its host, and the rest; user is nil
// where it has none.
func CutUser(t Text) (user, rest Text) {
	for i, p := range t {
		host := p.Literal
		end := strings.IndexAny(host, "/?#")
		if end >= 0 {
			host = host[:end]
		}
		if at := strings.LastIndex(host, "@"); at >= 0 {
			user = append(append(Text{}, t[:i]...), Plain(host[:at])...)
			return user, append(Plain(p.Literal[at+1:]), t[i+1:]...)
		}
		if end >= 0 {
			break
		}
	}
	return nil, t
}

// Kind is what a value of JSON is.
type Kind int

// The kinds of values. Computed is an expression whose type is known only when it is sent.
const (
	Null Kind = iota
	String
	Number
	Bool
	List
	Map
	Computed
)

// Value is a value of JSON.
type Value struct {
	Kind  Kind
	Text  Text   // of String and Computed
	Raw   string // of Number and Bool, as JSON writes it
	Keys  []string
	Items []*Value // of List, and of Map in the order of Keys
}
