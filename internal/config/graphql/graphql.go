// Package graphql finds the operations of a GraphQL document and their names. It reads no more of the language
// than that takes: what a service makes of the fields is for the service to say.
package graphql

import (
	"fmt"
	"strings"
)

// Operation is one that a document defines.
type Operation struct {
	Kind   string // query, mutation or subscription
	Name   string // "": anonymous
	Offset int    // of its first byte in the document
}

// Error is what is wrong in a document.
type Error struct {
	Offset  int // in the document, in bytes
	Message string
}

// Error returns the message: what is wrong, and what to write.
func (e *Error) Error() string { return e.Message }

// Parse lists the operations of a document in its order; there is at least one. Its error is an *Error.
func Parse(document string) ([]Operation, error) {
	r := reader{text: document}
	r.next()
	var all []Operation
	for r.kind != end {
		if r.kind == quoted { // a description
			r.next()
			continue
		}
		op, ok := r.definition()
		if r.err != nil {
			return nil, r.err
		}
		if ok {
			all = append(all, op)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return all, distinct(all)
}

// distinct refuses operations that a service could not tell apart, and none.
func distinct(all []Operation) error {
	if len(all) == 0 {
		return &Error{0, "has no operation; write one such as query Items { items { id } }"}
	}
	names := map[string]bool{}
	for _, op := range all {
		switch {
		case op.Name == "" && len(all) > 1:
			return &Error{op.Offset, "has an operation without a name beside others; give it one"}
		case names[op.Name]:
			return &Error{op.Offset, fmt.Sprintf("has two operations %s; give one another name", op.Name)}
		}
		names[op.Name] = true
	}
	return nil
}

// Choose is the operation that a service executes: the one of that name, or the only one for "".
func Choose(all []Operation, name string) (Operation, error) {
	var names []string
	for _, op := range all {
		if op.Name == name || name == "" && len(all) == 1 {
			return op, nil
		}
		if op.Name != "" {
			names = append(names, op.Name)
		}
	}
	switch {
	case name == "":
		return Operation{}, fmt.Errorf("has several operations; write operation: %s beside query, or another of %s",
			names[0], strings.Join(names, ", "))
	case len(names) == 0:
		return Operation{}, fmt.Errorf("there is no operation %q in the query, whose one has no name; leave operation "+
			"out", name)
	}
	return Operation{}, fmt.Errorf("there is no operation %q in the query; write one of %s", name,
		strings.Join(names, ", "))
}

// definition reads an operation or a fragment; false: a fragment.
func (r *reader) definition() (op Operation, ok bool) {
	op = Operation{Kind: "query", Offset: r.start}
	word := r.word()
	switch {
	case word == "{": // the short form
	case word == "query", word == "mutation", word == "subscription":
		op.Kind, ok = word, true
		if r.next(); r.kind == name {
			op.Name = r.word()
			r.next()
		}
	case word == "fragment":
		if r.next(); r.kind != name || r.word() == "on" {
			r.fail(r.start, "has a fragment without a name; write fragment NAME on TYPE { … }")
		}
		r.next()
	default:
		// Not what is there: it may be of any file.
		r.fail(r.start, "has no operation where one begins; write query, mutation or fragment, or check the brackets "+
			"before it")
	}
	for r.kind != end && r.word() != "{" { // variables, directives, the type of a fragment
		switch r.word() {
		case "}", ")", "]":
			r.fail(r.start, fmt.Sprintf("has a %s that closes nothing; check the brackets before it", r.word()))
		case "(", "[":
			r.skip()
		default:
			r.next()
		}
	}
	if r.kind == end {
		r.fail(op.Offset, "ends before the { of what begins here; write its fields in { }")
	}
	r.skip()
	return op, ok || word == "{"
}

// skip reads from an opening bracket to behind the one that closes it.
func (r *reader) skip() {
	closing := []byte(nil)
	opened := r.start
	for r.kind != end {
		switch word := r.word(); word {
		case "{", "(", "[":
			closing = append(closing, map[string]byte{"{": '}', "(": ')', "[": ']'}[word])
		case "}", ")", "]":
			if last := closing[len(closing)-1]; last != word[0] {
				r.fail(r.start, fmt.Sprintf("has a %s where a %c closes first; check the brackets", word, last))
				return
			}
			closing = closing[:len(closing)-1]
		}
		if r.next(); len(closing) == 0 {
			return
		}
	}
	r.fail(opened, "has a bracket that is never closed; close it")
}
