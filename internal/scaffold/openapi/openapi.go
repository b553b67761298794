// Package openapi drafts a thresholds.yaml from a description in OpenAPI or Swagger. It asks
// no service, and reads nothing that a description refers to outside of itself.
package openapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// Draft drafts a file from a description in OpenAPI 3.0 or 3.1 or Swagger 2.0,
// as JSON or YAML. References outside the description are not read. Requests are
// grouped by tag; ids in paths come from answers of earlier requests where the
// description shows how, else from its examples. A request whose path the description
// does not determine is a comment in the file. The address of the service is that of the
// options, else where the description came from, else the one that it names.
func Draft(f input.File, o draft.Options) (*draft.Draft, error) {
	o.URL = cmp.Or(o.URL, f.Origin)
	doc, err := read(f.Text)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI: %w", err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.") {
		return nil, fmt.Errorf("read OpenAPI: openapi is %q: only versions 2.0 (Swagger), 3.0 and 3.1 are known",
			doc.OpenAPI)
	}
	a := &api{draft: &draft.Draft{Origin: "OpenAPI", URL: cmp.Or(o.URL, "http://localhost:8000")}, doc: doc}
	if doc.Info != nil {
		a.draft.Name = doc.Info.Title
		a.draft.Origin = strings.TrimSpace("the OpenAPI description of " + doc.Info.Title)
	}
	a.server(o)
	if err := a.collect(); err != nil {
		return nil, err
	}
	a.findLogin()
	for _, tag := range a.tags() {
		a.group(tag)
	}
	d := a.draft
	if a.leftOut != nil {
		d.AddLook("left out: " + strings.Join(a.leftOut, ", "))
	}
	if slices.ContainsFunc(a.operations, func(op *operation) bool { return op.method != "GET" }) {
		d.AddLook("some requests write: load a service whose data may change")
	}
	d.GuessRules()
	return d.Finish(o)
}

func (a *api) tags() []string {
	var tags []string
	for _, op := range a.operations {
		if !slices.Contains(tags, op.tag) {
			tags = append(tags, op.tag)
		}
	}
	slices.Sort(tags)
	return tags
}

func (a *api) group(tag string) {
	v := &groupBuilder{api: a, group: &draft.Group{Name: tag, Wait: "1s..5s"},
		variables: map[string]string{}, made: map[*operation]*draft.Step{}}
	for _, op := range a.operations {
		if op.tag == tag && op != a.login {
			v.add(op)
		}
	}
	v.group.Steps = deletesLast(v.steps)
	if len(v.steps) == 0 {
		return
	}
	a.secure(v.group, slices.DeleteFunc(slices.Clone(a.operations),
		func(op *operation) bool { return op.tag != tag || op == a.login }))
	a.draft.Groups = append(a.draft.Groups, v.group)
}

// deletesLast are steps with those that delete at the end, the innermost first: what
// was deleted cannot be read.
func deletesLast(steps []*draft.Step) []*draft.Step {
	deletes := func(s *draft.Step) int {
		if s.Method != "DELETE" {
			return 0
		}
		return 1000 - strings.Count(s.Path, "/")
	}
	slices.SortStableFunc(steps, func(a, b *draft.Step) int { return cmp.Compare(deletes(a), deletes(b)) })
	return steps
}
