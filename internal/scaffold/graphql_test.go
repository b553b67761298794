package scaffold_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// graphQLSources draft a file from one body of JSON that is sent to /graphql.
func graphQLSources(t *testing.T) map[string]func(body string) (*draft.Draft, error) {
	quoted := func(text string) string {
		out, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	return map[string]func(string) (*draft.Draft, error){
		"k6": func(body string) (*draft.Draft, error) {
			return fromK6(k6Script("http.post(B + '/graphql', JSON.stringify(" + body + "));"))
		},
		"Postman": func(body string) (*draft.Draft, error) {
			return fromPostman(oneItem(`{"method": "POST", "url": "{{B}}/graphql", "body": {"mode": "raw", "raw": `+
				quoted(body)+`}}`, ""))
		},
		"JMeter": func(body string) (*draft.Draft, error) {
			return fromJMX(testPlan(get("/first"), post("/graphql", body)))
		},
		"Locust": func(body string) (*draft.Draft, error) {
			body = strings.ReplaceAll(body, "null", "None")
			return fromLocustfile(t, inUser(`self.client.post("/graphql", json=`+body+`)`))
		},
		"HAR": func(body string) (*draft.Draft, error) {
			return har.Draft([]input.File{{Name: "user", Text: recording(t,
				exchange{method: "GET", url: "http://localhost:8000/first", answer: "{}"},
				exchange{at: 1, method: "POST", url: "http://localhost:8000/graphql", mime: "application/json",
					body: body, answer: `{"data": {}}`})}}, draft.Options{})
		},
	}
}

// An operation of GraphQL is one in the file, from whatever it is drafted, and what graphql cannot send stays JSON.
func TestGraphQL(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"with variables", `{"query": "query Boats($n: Int) { boats(first: $n) { id } }", "variables": {"n": 3}}`,
			"graphql:\n  query: 'query Boats($n: Int) { boats(first: $n) { id } }'\n  variables: {'n': 3}\n"},
		{"without a name", `{"operationName": null, "query": "{ boats { id } }", "variables": {}}`,
			"graphql: {query: '{ boats { id } }'}\n"},
		{"one of several", `{"operationName": "B", "query": "query A { a } query B { b }"}`,
			"graphql: {query: 'query A { a } query B { b }', operation: B}\n"},
		{"several lines", `{"query": "\n  query Boats {\n    boats { id }\n  }\n"}`,
			"graphql:\n  query: |-\n    query Boats {\n      boats { id }\n    }\n"},
		{"an extension", `{"query": "{ boats { id } }", "extensions": {"x": 1}}`,
			"json: {query: '{ boats { id } }', extensions: {x: 1}}\n"},
		{"no document", `{"query": "boats near me"}`, "json: {query: boats near me}\n"},
		{"a subscription", `{"query": "subscription S { s }"}`, "json: {query: 'subscription S { s }'}\n"},
		{"several without a name", `{"query": "query A { a } query B { b }"}`,
			"json: {query: 'query A { a } query B { b }'}\n"},
		{"a name of a variable", `{"query": "{ boats { id } }", "variables": {"a-b": 1}}`,
			"json: {query: '{ boats { id } }', variables: {a-b: 1}}\n"},
	} {
		for source, read := range graphQLSources(t) {
			t.Run(source+"/"+test.name, func(t *testing.T) {
				d, err := read(test.body)
				got := encoded(t, d, err)
				bare := func(text string) string { return strings.Join(strings.Fields(text), " ") }
				if !strings.Contains(bare(got), bare(test.want)) {
					t.Errorf("want\n%s\nin\n%s", test.want, got)
				}
			})
		}
	}
}

// Users who send different operations to one path do not send the same.
func TestGraphQLOfACrowd(t *testing.T) {
	send := func(client int64, at time.Duration, body string) passed {
		return passed{client: client, at: at * time.Second, what: "POST /graphql", body: body, answer: `{"data": {}}`}
	}
	got := crowd(t, map[string][]passed{"recorded": {
		send(1, 0, `{"query": "query A { a }"}`), send(1, 1, `{"query": "query B { b }"}`),
		send(2, 2, `{"query": "query B { b }"}`), send(2, 3, `{"query": "query A { a }"}`),
		send(3, 4, `{"query": "query A { a }"}`)}})
	for _, want := range []string{"graphql: {query: 'query A { a }'}\n", "graphql: {query: 'query B { b }'}\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want\n%s\nin\n%s", want, got)
		}
	}
}
