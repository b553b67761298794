package scaffold_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func wide(text string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

const oneEntry = `{"log": {"entries": [
{"startedDateTime": "2026-03-04T05:06:07.890Z", "time": 12, "request": {"method": "GET", "url": "http://localhost:8000/tides", "headers": [{"name": "X-Requested-With", "value": "ü"}]},
 "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{}"}}}]}}`

// Recordings are read as programs write them.
func TestRecordingsAsWritten(t *testing.T) {
	in := func(old, new string) []byte { return []byte(strings.Replace(oneEntry, old, new, 1)) }
	for name, text := range map[string][]byte{
		"gzip": packed(t, oneEntry), "UTF-16 LE": wide("\ufeff"+oneEntry, binary.LittleEndian),
		"UTF-16 BE":             wide("\ufeff"+oneEntry, binary.BigEndian),
		"UTF-16 without a mark": wide(oneEntry, binary.LittleEndian),
		"UTF-16 in gzip":        packed(t, string(wide("\ufeff"+oneEntry, binary.LittleEndian))),
		"a mark":                []byte("\ufeff" + oneEntry),
		"a time as text":        in(`12`, `"12"`), "no time": in(`12`, `null`),
		"NaN": in(`12`, `NaN`), "a status as text": in(`200`, `"200"`), "a header as number": in(`"ü"`, `7`),
		"headers as object":       in(`[{"name": "X-Requested-With", "value": "ü"}]`, `{"X-Requested-With": "ü"}`),
		"an offset without colon": in(`.890Z`, `.890+0000`),
		"a date with a space":     in(`04T05`, `04 05`), "no date": in(`2026-03-04T05:06:07.890Z`, ``),
		"a number as date":          in(`"2026-03-04T05:06:07.890Z"`, `7`),
		"a method in small letters": in(`GET`, `get`), "a body as text": in(`"headers"`,
			`"postData": "a=b", "headers"`), "content as object": in(`"{}"`, `{"a": 1}`),
		"no content": in(`{"mimeType": "application/json", "text": "{}"}`, `null`),
		"no base64":  in(`"text"`, `"encoding": "base64", "x": 1, "text"`),
	} {
		d, err := har.Draft([]input.File{{Name: "x", Text: text}}, draft.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := encoded(t, d, err); !strings.Contains(got, "GET /tides") {
			t.Errorf("%s: it has\n%s", name, got)
		}
	}
}

// goWords are words of a program that mean nothing to who reads a message.
var goWords = regexp.MustCompile(
	`(?i)unmarshal|struct|invalid character|json:|yaml:|!!|map\[|\[\]|cannot construct|2006|unexpected end`)

// What cannot be read is named in one line, in words of its own.
func TestOtherSources(t *testing.T) {
	const page = "<!DOCTYPE html>\n<html><body>docs</body></html>"
	for _, test := range []struct {
		har, openapi bool
		src, want    string
	}{
		{true, true, "", "it is empty"},
		{true, true, " \n", "it is empty"},
		{true, true, page, "this is a web page"},
		{true, true, "import time\nfrom locust import HttpUser\n",
			"this is a script of Locust: give it with --locustfile"},
		{true, true, "<?xml version=\"1.0\"?>\n<jmeterTestPlan>", "this is a test plan of JMeter: give it with --jmx"},
		{true, true, `{"info": {"_postman_id": "a", "name": "n"}, "item": []}`, "this is a collection of Postman"},
		{true, true, "\x1f\x8b\x08\x00cut", "gzip"},
		{true, false, oneEntry[:200], "it ends in the middle"},
		{true, false, strings.Replace(oneEntry, `"status"`, `status`, 1), "line 3, column 15 is not JSON"},
		{true, false, `[1, 2]`, "it has no log with entries"},
		{true, false, "openapi: 3.0.3\n", "this is a description of an API: give it with --openapi"},
		{false, true, oneEntry, "this is a HAR recording: give it with --har"},
		{false, true, "asyncapi: 2.6.0\ninfo: {title: a}\nchannels: {}\n", "this is AsyncAPI"},
		{false, true, `{"asyncapi": "3.0.0"}`, "this is AsyncAPI"},
		{false, true, "#%RAML 1.0\ntitle: a\n", "this is RAML"},
		{false, true, "type Query {\n  a: Int\n}\n", "this is a schema of GraphQL"},
		{false, true, "schema { query: Q }", "this is a schema of GraphQL"},
		{false, true, `{"swaggerVersion": "1.2", "apis": []}`, "this is Swagger 1.2"},
		{false, true, "just words", "it is not an OpenAPI description"},
		{false, true, "a: 1\n", "it is not an OpenAPI description"},
		{false, true, "- a\n", "it is not an OpenAPI description"},
		{false, true, `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": [{"a": 1}]}`,
			"paths is a list"},
		{false, true, `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": "x"}`, "paths is a text"},
		{false, true,
			`{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {"parameters": ` +
				`{"a": 1}, "responses": {}}}}}`, "parameters"},
		{false, true, `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}}`, "there are no paths in it"},
		{false, true,
			`{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {"parameters": ` +
				`[{"$ref": "#/components/parameters/Nope"}], "responses": {}}}}}`, "#/components/parameters/Nope"},
		{false, true, "openapi: 3.0.3\npaths:\n\t/a: {}\n", "line 3 is not YAML (a tab"},
		{false, true, `{"openapi": "3.0.3", "paths": {`, "it ends in the middle"},
		{false, true, `{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": [1]}`, "paths is a list"},
	} {
		for kind, read := range map[string]func() error{
			"HAR": func() error {
				_, err := har.Draft([]input.File{{Name: "x", Text: []byte(test.src)}}, draft.Options{})
				return err
			},
			"OpenAPI": func() error { _, err := fromOpenAPI([]byte(test.src), draft.Options{}); return err },
		} {
			if kind == "HAR" && !test.har || kind == "OpenAPI" && !test.openapi {
				continue
			}
			switch err := read(); {
			case err == nil:
				t.Errorf("%s of %.60q: there is no error", kind, test.src)
			case !strings.Contains(err.Error(), test.want), strings.Contains(err.Error(), "\n"),
				goWords.MatchString(err.Error()):
				t.Errorf("%s of %.60q: %v, want %q", kind, test.src, err, test.want)
			}
		}
	}
}

// Descriptions are read as people write them.
func TestDescriptionsAsWritten(t *testing.T) {
	const yaml = "openapi: 3.0.3\ninfo: {title: T, version: 1.0}\npaths:\n  /tides:\n    get: {responses: {200: " +
		"{description: ok}}}\n"
	in := func(old, new string) []byte { return []byte(strings.Replace(yaml, old, new, 1)) }
	for name, src := range map[string][]byte{
		"a version as number": []byte(yaml), "a title as number": in("title: T", "title: 7"),
		"a date as version": in("1.0", "2026-01-02"), "OpenAPI as number": in("3.0.3", "3.1"),
		"a description as number": in("version: 1.0", "version: 1.0, description: 5"), "gzip": packed(t, yaml),
		"UTF-16": wide("\ufeff"+yaml, binary.LittleEndian), "no version": in(", version: 1.0", ""),
		"an operation named by a number": in("{responses", "{operationId: 5, summary: yes, tags: [2026], responses"),
		"a text that is true":            in("description: ok", "description: true"),
		"in JSON": []byte(
			`{"openapi": "3.0.3", "info": {"title": "T", "version": 1.0}, "paths": {"/tides": {"get": {"responses": ` +
				`{"200": {"description": 1}}}}}}`),
		"Swagger": []byte("swagger: 2.0\ninfo: {title: T, version: 1.0}\npaths:\n  /tides:\n    get: {responses: " +
			"{200: {description: ok}}}\n"),
	} {
		d, err := fromOpenAPI(src, draft.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := encoded(t, d, err); !strings.Contains(got, "GET /tides") {
			t.Errorf("%s: it has\n%s", name, fmt.Sprint(got))
		}
	}
}
