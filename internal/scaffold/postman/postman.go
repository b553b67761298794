// Package postman drafts a thresholds.yaml from a collection of Postman, versions 2.0 and 2.1. It
// reads of scripts what is simple, and runs none. It does not know environments, which are files of
// their own.
package postman

import (
	"errors"
	"fmt"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
	"github.com/loadgate/loadgate/internal/unit"
)

// Draft drafts a file from a collection: one kind of user, who sends its requests in their order.
// A folder becomes a transaction.
func Draft(f input.File, o draft.Options) (*draft.Draft, error) {
	root, err := read(f.Text)
	if err != nil {
		return nil, fmt.Errorf("read Postman collection: %w", err)
	}
	c := &collection{variables: variablesOf(root.Get("variable")), set: map[string]*written.Answer{}}
	c.events(root.Get("event"), "the collection")
	c.items(root.Get("item"), folder{auth: root.Get("auth")}, 0)
	if len(c.calls) == 0 {
		return nil, errors.New("read Postman collection: there is no request in it")
	}
	name := secrets.Line(root.Get("info.name").String())
	d := &draft.Draft{Origin: "the Postman collection " + name, Name: name}
	if err := c.build(d, o); err != nil {
		return nil, fmt.Errorf("read Postman collection: %w", err)
	}
	for _, look := range c.looks {
		d.AddLook(look)
	}
	return d.Finish(o)
}

// read is the collection in a file.
func read(src []byte) (root gjson.Result, err error) {
	text, err := input.Text(src)
	if err != nil {
		return root, err
	}
	if isDeep(text) {
		return root, errors.New("it is nested too deep to be read")
	}
	if !gjson.ValidBytes(text) {
		if err := input.OtherKind(text, "--postman"); err != nil {
			return root, err
		}
		return root, input.JSONError(text)
	}
	root = gjson.ParseBytes(text)
	if inner := root.Get("collection"); inner.IsObject() { // as the API of Postman gives it
		root = inner
	}
	switch {
	case root.Get("requests").IsArray():
		return root, errors.New("it is a collection in version 1: export it in version 2.1")
	case root.Get("values").IsArray() && root.Get("_postman_variable_scope").Exists():
		return root, errors.New("it is an environment of Postman: give the collection")
	case !root.Get("item").IsArray():
		if err := input.OtherKind(text, "--postman"); err != nil {
			return root, err
		}
		return root, errors.New("it has no items, as a collection of Postman has")
	}
	return root, nil
}

// mostNested is how deep a collection may be nested.
const mostNested = 500

// isDeep says whether a text of JSON is nested deeper than it may be.
func isDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case quoted:
		case text[i] == '[' || text[i] == '{':
			depth++
		case text[i] == ']' || text[i] == '}':
			depth--
		}
		if depth > mostNested {
			return true
		}
	}
	return false
}

// build makes the steps of the requests to the service that most of them go to.
func (c *collection) build(d *draft.Draft, o draft.Options) error {
	service := c.service()
	d.URL = o.URL
	switch {
	case d.URL != "":
	case service == "" || service[0] == '{':
		d.URL = "http://localhost:8000"
		c.look("the collection does not say where the service is: is target.url right? --host sets another")
	default:
		d.URL = service
	}
	g := &draft.Group{Name: d.UnusedGroup("user"), Wait: "1s..5s"}
	var all []*written.Request
	left := map[string]int{}
	for _, one := range c.calls {
		if one.origin != "" && one.origin != service {
			left[one.origin]++
			continue
		}
		all = append(all, one.Request)
	}
	for _, one := range c.calls {
		if n := left[one.origin]; n > 0 {
			c.look(fmt.Sprintf("left out: %s to %s", unit.Counted(n, "request"), secrets.Line(one.origin)))
		}
	}
	s := written.NewSession(d, g, all)
	for _, r := range all {
		s.Add(&g.Steps, r)
	}
	d.Groups = []*draft.Group{g}
	d.SendGraphQL()
	d.NameEndpoints()
	written.ShareAuth(d)
	d.GuessRules()
	return nil
}
