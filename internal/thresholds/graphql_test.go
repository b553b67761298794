package thresholds_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func graphQLFile(t *testing.T, steps string) *config.Config {
	t.Helper()
	text := strings.Replace(rest, "[GET /items]", "[GET /items, "+steps+"]", 1)
	return decode(t, "version: 1\ntarget: {url: http://localhost}"+text, thresholds.Options{
		Files: fstest.MapFS{"q/items.graphql": {
			Data: []byte("# costs ${ 5 }\nquery Items { a }\nquery Other { b }\n"),
		}},
	})
}

// The body has the document as it is, the name of its operation and the variables with their types, and the endpoint
// has the operation's name.
func TestGraphQL(t *testing.T) {
	for _, test := range []struct{ step, endpoint, body string }{
		{`graphql: {query: 'query Item($id: ID!) { item(id: $id) { name } }', ` +
			`variables: {id: '${ 1 + 1 }', deep: {a: [x]}}}`,
			"POST /graphql Item", `{"query":"query Item($id: ID!) { item(id: $id) { name } }","operationName":"Item",` +
				`"variables":{"id":2,"deep":{"a":["x"]}}}`},
		{`graphql: {query: '{ a }'}`, "POST /graphql", `{"query":"{ a }"}`},
		{`graphql: {query: {file: q/items.graphql}, operation: Other}`, "POST /graphql Other",
			`{"query":"# costs ${ 5 }\nquery Items { a }\nquery Other { b }\n","operationName":"Other"}`},
		{`graphql: {query: 'mutation M { a }'}, name: save`, "save",
			`{"query":"mutation M { a }","operationName":"M"}`},
	} {
		s := graphQLFile(t, "{request: POST /graphql, "+test.step+"}").Groups[0].Steps[1]
		body, err := s.Body.JSON.AppendJSON(nil, expr.NewEnv(nil, nil, 0, 1))
		if err != nil || s.Endpoint != test.endpoint || string(body) != test.body ||
			s.Body.ContentType != "application/json" || !s.Body.GraphQL {
			t.Errorf("%s: %s %s %+v %v; want %s %s", test.step, s.Endpoint, body, s.Body, err, test.endpoint, test.body)
		}
	}
}

// Two operations may be counted together under one name, since that is what somebody wrote.
func TestGraphQLOperationsShareAName(t *testing.T) {
	const one, other = "{request: POST /graphql, name: all, graphql: {query: 'query A { a }'}}",
		"{request: POST /graphql, name: all, graphql: {query: 'query B { a }'}}"
	if steps := graphQLFile(t, one+", "+other).Groups[0].Steps; steps[2].Endpoint != "all" {
		t.Errorf("endpoint %s", steps[2].Endpoint)
	}
}

// The digest is another for another query, operation or variable, and than that of the same body as JSON, of which an
// answer with errors is no failure.
func TestGraphQLInTheDigest(t *testing.T) {
	seen := map[string]string{}
	for _, step := range []string{
		`graphql: {query: '{ a }'}`, `graphql: {query: '{ b }'}`, `graphql: {query: '{ a }', variables: {id: 1}}`,
		`graphql: {query: '{ a }', variables: {id: 2}}`, `graphql: {query: '{ a }', variables: {id: '${ seq() }'}}`,
		`graphql: {query: 'query A { a } query B { a }', operation: A}, name: x`,
		`graphql: {query: 'query A { a } query B { a }', operation: B}, name: x`, `json: {query: '{ a }'}`,
	} {
		digest := identity.Of(graphQLFile(t, "{request: POST /graphql, "+step+"}"))
		if other, ok := seen[digest]; ok {
			t.Errorf("%s and %s have one digest", step, other)
		}
		seen[digest] = step
	}
}
