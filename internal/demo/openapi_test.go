package demo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loadgate/loadgate/internal/demo"
)

type node = map[string]any

// example makes a value that fits a schema as the service writes them.
func example(schema node) any {
	if all, ok := schema["examples"].([]any); ok {
		return all[0]
	}
	if all, ok := schema["enum"].([]any); ok {
		return all[0]
	}
	if any, ok := schema["anyOf"].([]any); ok {
		return example(any[0].(node))
	}
	switch schema["type"] {
	case "integer", "number":
		return max(1, schema["minimum"].(float64))
	case "boolean":
		return true
	case "array":
		return []any{example(schema["items"].(node))}
	case "object":
		value := node{}
		for name, property := range schema["properties"].(node) {
			value[name] = example(property.(node))
		}
		return value
	}
	switch schema["format"] {
	case "date-time":
		return "2026-11-24T10:00:00Z"
	case "email":
		return "a@tutormax.example"
	}
	return "text of some length"
}

// operation is one of the description, and a request made from it.
type operation struct {
	node
	request string
	body    string
}

// operations turns the description into requests, in order of their names.
func operations(t *testing.T, description node) []operation {
	t.Helper()
	var all []operation
	for path, item := range description["paths"].(node) {
		for method, op := range item.(node) {
			o := operation{node: op.(node)}
			query := []string{}
			for _, p := range o.node["parameters"].([]any) {
				p := p.(node)
				value := fmt.Sprint(example(p["schema"].(node)))
				if p["in"] == "path" {
					path = strings.Replace(path, "{"+p["name"].(string)+"}", value, 1)
				} else {
					query = append(query, p["name"].(string)+"="+strings.ReplaceAll(value, " ", "+"))
				}
			}
			o.request = strings.ToUpper(method) + " " + path
			if len(query) > 0 {
				o.request += "?" + strings.Join(query, "&")
			}
			if body, ok := o.node["requestBody"].(node); ok {
				value, err := json.Marshal(example(body["content"].(node)["application/json"].(node)["schema"].(node)))
				if err != nil {
					t.Fatal(err)
				}
				o.body = string(value)
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.request, b.request) })
	return all
}

// fits reports how an answer breaks what is described for its status.
func fits(t *testing.T, description node, o operation, got reply) error {
	t.Helper()
	response, ok := o.node["responses"].(node)[fmt.Sprint(got.status)].(node)
	if !ok {
		return fmt.Errorf("status %d is not described", got.status)
	}
	media, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
	content, ok := response["content"].(node)[media].(node)
	if !ok {
		return fmt.Errorf("media type %q is not described", media)
	}
	if media != "application/json" {
		return nil
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema := node{"components": description["components"], "allOf": []any{content["schema"]}}
	if err := compiler.AddResource("mem:///answer.json", schema); err != nil {
		return err
	}
	compiled, err := compiler.Compile("mem:///answer.json")
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(got.body)))
	if err != nil {
		return err
	}
	return compiled.Validate(value)
}

func TestOpenAPIIsTrue(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	var description node
	if err := json.Unmarshal([]byte(s.send("GET /openapi.json", "").body), &description); err != nil {
		t.Fatal(err)
	}
	if description["openapi"] != "3.1.0" {
		t.Errorf("openapi = %v, want 3.1.0", description["openapi"])
	}
	all := operations(t, description)
	if len(all) != 21 {
		t.Errorf("%d operations are described, want 21", len(all))
	}
	for _, o := range all {
		t.Run(o.request, func(t *testing.T) {
			got := s.send(o.request, o.body, s.bearer())
			if got.status/100 != 2 {
				t.Fatalf("%s %s = %d %s, want success", o.request, o.body, got.status, got.body)
			}
			if err := fits(t, description, o, got); err != nil {
				t.Errorf("%s answers %.300s: %v", o.request, got.body, err)
			}
			if o.body == "" {
				return
			}
			for _, body := range []string{`[]`, `{"status":1,"rating":"x","duration_minutes":-1}`} {
				wrong := s.send(o.request, body, s.bearer())
				if wrong.status != 422 {
					t.Errorf("%s %s = %d, want 422", o.request, body, wrong.status)
				}
				if err := fits(t, description, o, wrong); err != nil {
					t.Errorf("%s %s answers %s: %v", o.request, body, wrong.body, err)
				}
			}
		})
	}
}

func TestOpenAPIDescribesRefusals(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	var description node
	if err := json.Unmarshal([]byte(s.send("GET /openapi.json", "").body), &description); err != nil {
		t.Fatal(err)
	}
	for _, o := range operations(t, description) {
		if o.node["security"] != nil {
			if err := fits(t, description, o, s.send(o.request, o.body, "Authorization: Bearer x")); err != nil {
				t.Errorf("%s with a wrong token: %v", o.request, err)
			}
		}
		if lost := strings.Replace(o.request, "/1", "/999999", 1); lost != o.request {
			got := s.send(lost, o.body)
			if got.status != 404 {
				t.Errorf("%s = %d, want 404", lost, got.status)
			}
			if err := fits(t, description, o, got); err != nil {
				t.Errorf("%s: %v", lost, err)
			}
		}
	}
}
