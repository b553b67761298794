package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// maxBody is the largest request body, in bytes.
const maxBody = 1 << 20

// read checks a request's parameters and body, or returns a refusal that
// names everything wrong with them.
func (r *route) read(req *http.Request, param string) (*call, error) {
	c := &call{query: map[string]any{}}
	var problems []problem
	if r.param != nil {
		v, wrong := r.param.check(param, []any{"path", r.param.name})
		c.param, problems = v, append(problems, wrong...)
	}
	if req.URL.RawQuery != "" && len(r.query) > 0 {
		query := req.URL.Query()
		for i := range r.query {
			f := &r.query[i]
			if !query.Has(f.name) {
				continue
			}
			v, wrong := f.check(query.Get(f.name), []any{"query", f.name})
			c.query[f.name], problems = v, append(problems, wrong...)
		}
	}
	if r.body != nil {
		v, wrong, err := r.readBody(req)
		if err != nil {
			return nil, err
		}
		c.body, problems = v, append(problems, wrong...)
	}
	if len(problems) > 0 {
		return nil, &refusal{status: http.StatusUnprocessableEntity, Detail: problems}
	}
	return c, nil
}

func (r *route) readBody(req *http.Request) (any, []problem, error) {
	raw, err := io.ReadAll(req.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, nil, &refusal{status: http.StatusRequestEntityTooLarge, Detail: "Request body is larger than 1 MiB"}
	}
	if err != nil {
		return nil, nil, &refusal{status: http.StatusBadRequest, Detail: "There was an error reading the body"}
	}
	at := []any{"body"}
	media, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch {
	case r.form && media == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return nil, []problem{{"form_invalid", at, "Form decode error", nil}}, nil
		}
		value := map[string]any{}
		for name := range form {
			value[name] = form.Get(name)
		}
		v, problems := r.body.check(value, at)
		return v, problems, nil
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, []problem{{"missing", at, "Field required", nil}}, nil
	case media != "application/json" && media != "":
		return nil, []problem{{"model_attributes_type", at,
			"Input should be JSON; send Content-Type: application/json", nil}}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		return nil, []problem{{"json_invalid", at, "JSON decode error", nil}}, nil
	}
	expected := *r.body
	if _, isList := value.([]any); isList && r.batch {
		expected = listOf(1, 100, *r.body)
	}
	v, problems := expected.check(value, at)
	return v, problems, nil
}
