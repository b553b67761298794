package thresholds

import (
	"errors"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/graphql"
	"github.com/loadgate/loadgate/internal/expr"
)

// graphQL makes the JSON body of a GraphQL operation, and returns the name of that; "": none, or without a name.
func (b stepBuilder) graphQL(body *config.Body, v *grammar.Value) (operation string) {
	body.JSON = expr.Const(nil) // of a mistake, which is reported
	query := v.Get("query")
	if query == nil {
		return ""
	}
	text, file := query.Text, query.Get("file")
	if file != nil {
		content := b.file(file)
		if text = string(content); content == nil {
			return ""
		}
	} else if query.Kind != grammar.ScalarKind {
		return ""
	}
	op, ok := b.operation(v, query, text)
	if !ok {
		return ""
	}
	leaf := func(text string) *grammar.Value { return &grammar.Value{Kind: grammar.ScalarKind, Data: text} }
	members, source := []expr.Member{{Key: "query", Value: expr.Const(text)}},
		&grammar.Value{Kind: grammar.ObjectKind, Fields: []grammar.Member{{Key: "query", Value: leaf(text)}}}
	if op.Name != "" {
		members = append(members, expr.Member{Key: "operationName", Value: expr.Const(op.Name)})
		source.Fields = append(source.Fields, grammar.Member{Key: "operationName", Value: leaf(op.Name)})
	}
	if given := v.Get("variables"); given != nil {
		tree := *given
		tree.Kind = grammar.ObjectKind
		members = append(members, expr.Member{Key: "variables", Value: b.tree(b.scope, &tree)})
		source.Fields = append(source.Fields, grammar.Member{Key: "variables", Value: &tree})
	}
	body.JSON, body.GraphQL = expr.Object(members), true
	body.Source = "graphql " + string(source.Canonical(nil))
	return op.Name
}

// operation finds the one that is meant; false: that is a mistake.
func (b stepBuilder) operation(v, query *grammar.Value, text string) (graphql.Operation, bool) {
	all, err := graphql.Parse(text)
	if e, ok := errors.AsType[*graphql.Error](err); ok {
		line := 1 + strings.Count(text[:e.Offset], "\n")
		if file := query.Get("file"); file != nil {
			b.Add(file.Pos, file.Path, "%s:%d: %v", file.Text, line, e)
		} else if line > 1 {
			b.Add(query.At(e.Offset), query.Path, "line %d %v", line, e)
		} else {
			b.Add(query.At(e.Offset), query.Path, "%v", e)
		}
		return graphql.Operation{}, false
	}
	at, asked := query, v.Get("operation")
	if asked != nil {
		at = asked
	}
	op, err := graphql.Choose(all, grammar.Or(asked, ""))
	if err == nil && op.Kind == "subscription" {
		err = fmt.Errorf("%q is a subscription: its answers come over a connection that stays open, and a request has "+
			"one answer; write a query or a mutation", op.Name)
	}
	if err != nil {
		b.Add(at.Pos, at.Path, "%v", err)
	}
	return op, err == nil
}

// graphQLName adds the operation's name to that of its endpoint, since all operations of a service have one path.
func (b stepBuilder) graphQLName(method, plain, operation string, asked *grammar.Value) string {
	if method != "POST" {
		b.Add(asked.Pos, asked.Path, "graphql is the body of a POST; write POST%s",
			strings.TrimPrefix(asked.Text, method))
	}
	return strings.TrimSpace(plain + " " + operation)
}
