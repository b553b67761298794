package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

type node = map[string]any

// describe writes the OpenAPI 3.1 description of a table of routes.
func describe(table []*route) (document, error) {
	paths := map[string]node{}
	for _, r := range table {
		if paths[r.path] == nil {
			paths[r.path] = node{}
		}
		paths[r.path][strings.ToLower(r.method)] = r.describe()
	}
	text, err := json.Marshal(node{
		"openapi": "3.1.0",
		"info": node{
			"title": "TutorMax demo", "version": "1.0.0",
			"description": "A small stand-in for the TutorMax tutoring platform, to try load tests on.",
		},
		"paths": paths,
		"components": node{
			"securitySchemes": node{"bearer": node{"type": "http", "scheme": "bearer"}},
			"schemas": node{
				"HTTPError": node{"type": "object", "required": []string{"detail"},
					"properties": node{"detail": node{"type": "string"}}},
				"HTTPValidationError": validationError(),
			},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("describe service: %w", err)
	}
	return text, nil
}

func (r *route) describe() node {
	parameters := []node{}
	if r.param != nil {
		_, rest, _ := strings.Cut(r.path, "{")
		name, _, _ := strings.Cut(rest, "}")
		parameters = append(parameters,
			node{"name": name, "in": "path", "required": true, "schema": r.param.describe()})
	}
	for _, f := range r.query {
		parameters = append(parameters, node{"name": f.name, "in": "query", "required": false, "schema": f.describe()})
	}
	answer := r.answer.describe()
	if len(r.answers) > 0 {
		shapes := []node{answer}
		for _, a := range r.answers {
			shapes = append(shapes, a.describe())
		}
		answer = node{"anyOf": shapes}
	}
	media := "application/json"
	if r.media != "" {
		media, _, _ = strings.Cut(r.media, ";")
	}
	responses := node{strconv.Itoa(r.status): node{"description": "Success", "content": content(media, answer)}}
	problem := func(status int, schema string) {
		responses[strconv.Itoa(status)] = node{
			"description": http.StatusText(status),
			"content":     content("application/json", node{"$ref": "#/components/schemas/" + schema}),
		}
	}
	if r.access != open || r.form {
		problem(http.StatusUnauthorized, "HTTPError")
	}
	if r.missing != "" || r.batch {
		problem(http.StatusNotFound, "HTTPError")
	}
	if r.param != nil || len(r.query) > 0 || r.body != nil {
		problem(http.StatusUnprocessableEntity, "HTTPValidationError")
	}
	operation := node{
		"summary": r.summary, "tags": []string{r.tag}, "parameters": parameters, "responses": responses,
		"operationId": strings.ToLower(r.method) +
			strings.NewReplacer("/", "_", "{", "", "}", "", ".", "_").Replace(r.path),
	}
	switch r.access {
	case tokenRequired:
		operation["security"] = []node{{"bearer": []string{}}}
	case tokenIfGiven:
		operation["security"] = []node{{}, {"bearer": []string{}}}
	}
	if r.body != nil {
		operation["requestBody"] = node{"required": true, "content": r.bodies()}
	}
	return operation
}

func (r *route) bodies() node {
	body := r.body.describe()
	if r.batch {
		batch := listOf(1, 100, *r.body)
		body = node{"anyOf": []node{body, batch.describe()}}
	}
	bodies := content("application/json", body)
	if r.form {
		bodies["application/x-www-form-urlencoded"] = node{"schema": body}
	}
	return bodies
}

func content(media string, schema node) node { return node{media: node{"schema": schema}} }

// describe is the JSON Schema of what check accepts, in its plain spelling:
// that numbers may also be written as texts is left out.
func (s *schema) describe() node {
	n := node{}
	kind := "string"
	low, high := "minLength", "maxLength"
	switch s.kind {
	case kindInteger, kindNumber:
		kind, low, high = "integer", "minimum", "maximum"
		if s.kind == kindNumber {
			kind = "number"
		}
	case kindBoolean:
		kind = "boolean"
	case kindID:
		return node{"anyOf": []node{{"type": "integer"}, {"type": "string", "pattern": "^[STst]?[0-9]+$"}},
			"examples": []any{42}}
	case kindStamp:
		n["format"] = "date-time"
	case kindEmail:
		n["format"] = "email"
	case kindList:
		kind, low, high = "array", "minItems", "maxItems"
		n["items"] = s.items.describe()
	case kindObject:
		kind = "object"
		properties, required := node{}, []string{}
		for i := range s.fields {
			f := &s.fields[i]
			properties[f.name] = f.describe()
			if f.required {
				required = append(required, f.name)
			}
		}
		n["properties"], n["required"] = properties, required
	}
	n["type"] = kind
	if s.nullable {
		n["type"] = []string{kind, "null"}
	}
	if len(s.oneOf) > 0 {
		values := make([]any, 0, len(s.oneOf)+1)
		for _, v := range s.oneOf {
			values = append(values, v)
		}
		if s.nullable {
			values = append(values, nil)
		}
		n["enum"] = values
	}
	if s.low != 0 || s.high != 0 {
		n[low], n[high] = s.low, s.high
	}
	if s.example != nil {
		n["examples"] = []any{s.example}
	}
	return n
}

func validationError() node {
	place := node{"type": "array", "items": node{"type": []string{"string", "integer"}}}
	item := node{
		"type": "object", "required": []string{"type", "loc", "msg"},
		"properties": node{"type": node{"type": "string"}, "loc": place,
			"msg": node{"type": "string"}, "input": node{}},
	}
	return node{"type": "object", "required": []string{"detail"},
		"properties": node{"detail": node{"type": "array", "items": item}}}
}
