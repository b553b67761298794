package scaffold_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// described is a description of requests, one a line, whose objects have an id
// and the other properties that bodies below name.
func described(requests string) []byte {
	paths := map[string][]string{}
	var order []string
	for _, line := range strings.Split(strings.TrimSpace(requests), "\n") {
		method, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		path, body, _ := strings.Cut(rest, " ")
		if paths[path] == nil {
			order = append(order, path)
		}
		var parameters []string
		for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
			parameters = append(parameters,
				fmt.Sprintf(`{"name": %q, "in": "path", "required": true, "schema": {"type": "integer"}}`, m[1]))
		}
		op := fmt.Sprintf(
			`%q: {"tags": ["g"], "parameters": [%s], "responses": {"200": {"description": "ok", "content": `+
				`{"application/json": {"schema": %s}}}}`,
			strings.ToLower(method), strings.Join(parameters, ", "), map[bool]string{
				true:  `{"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}`,
				false: `{"type": "object", "properties": {"id": {"type": "integer"}, "username": {"type": "string"}}}`,
			}[method == "GET" && !strings.HasSuffix(path, "}")])
		if body != "" {
			var properties, required []string
			for _, name := range strings.Split(body, ",") {
				properties = append(properties, fmt.Sprintf(`%q: {"type": "integer"}`, name))
				required = append(required, fmt.Sprintf("%q", name))
			}
			op += fmt.Sprintf(
				`, "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": [%s], `+
					`"properties": {%s}}}}}`,
				strings.Join(required, ", "), strings.Join(properties, ", "))
		}
		paths[path] = append(paths[path], op+"}")
	}
	var all []string
	for _, path := range order {
		all = append(all, fmt.Sprintf("%q: {%s}", path, strings.Join(paths[path], ", ")))
	}
	return []byte(head + strings.Join(all, ", ") + "}}")
}

// sent are the requests that a draft would send, values as {}.
func sent(t *testing.T, text string) (all []string) {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range s.Groups {
		for _, list := range [][]config.Step{g.Start, g.Steps} {
			for _, step := range list {
				all = append(all, step.Endpoint)
			}
		}
	}
	return all
}

// A request that writes is sent where it makes something, or acts on what its
// group made; all others are comments with the reason.
func TestOnlyOwnIsWritten(t *testing.T) {
	for _, test := range []struct{ name, requests, want string }{
		{"what is made is read, changed and deleted",
			"GET /items\nPOST /items title\nGET /items/{id}\nPATCH /items/{id} title\nDELETE /items/{id}",
			"POST /items, GET /items, GET /items/{item_id}, PATCH /items/{item_id}, DELETE /items/{item_id}"},
		{"what is listed is read alone", "GET /items\nGET /items/{id}\nPUT /items/{id} title\nPATCH /items/{id} " +
			"title\nDELETE /items/{id}\nPOST /items/{id}/tags title",
			"GET /items, GET /items/{item_id}"},
		{"what lies in what was made", "POST /items title\nPOST /items/{id}/notes text\nDELETE /items/{id}\nDELETE " +
			"/items/{id}/notes/{note_id}",
			"POST /items, POST /items/{item_id}/notes, DELETE /items/{item_id}/notes/{note_id}, DELETE " +
				"/items/{item_id}"},
		{"an id in a body", "GET /users\nPOST /reports/requests user_id", "GET /users"},
		{"ids in a body", "GET /users\nPOST /reports user_ids", "GET /users"},
		{"an id in a body that the group made", "GET /items\nPOST /items title\nPOST /reviews item_id,stars",
			"POST /items, GET /items, POST /reviews"},
		{"its own id in the body of what is made", "GET /a\nPOST /items id,title\nDELETE /items/{id}", "GET /a"},
		{"verbs", "GET /a\nPOST /gdpr/erase why\nPOST /mail/send text\nPOST /cacheClear why\nPOST /jobs/clean-up " +
			"why\nPOST /auth/logout why\nPOST /auth/log-out why\nPOST /keys/revoke why\nPOST /data/anonymize " +
			"why\nPOST /old/archive why\nPOST /old/purge why\nPOST /users/deactivate why\nPOST /users/disable " +
			"why\nPOST /password/reset why\nPOST /deletion-requests why\nPOST /accounts/erasure why", "GET /a"},
		{"verbs of what was made", "POST /items title\nPOST /items/{id}/archive why\nGET /items/{id}",
			"POST /items, GET /items/{item_id}"},
		{"verbs of a GET", "GET /a\nGET /logout\nGET /cache/clear\nGET /users/{id}/delete\nGET /deleted-items/recent",
			"GET /a, GET /deleted-items/recent"},
		{"the own account",
			"GET /users/me\nPUT /users/me name\nPOST /users/me/notes text\nPATCH /users/current name\nDELETE " +
				"/users/self", "GET /users/me"},
		{"what is there once", "GET /settings\nPUT /settings theme\nPATCH /settings theme\nDELETE /settings",
			"GET /settings"},
		{"words that hold a verb", "POST /senders name\nPOST /cleaners name\nPOST /presets name\nGET /a",
			"GET /a, POST /cleaners, POST /presets, POST /senders"},
		{"what names say", "GET /a\nPOST /do action\nPOST /users/bulk name", "GET /a, POST /do"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromOpenAPI(described(test.requests), draft.Options{})
			text := encoded(t, d, err)
			if got := strings.Join(sent(t, text), ", "); got != test.want {
				t.Errorf("sent are\n%s\nwant\n%s\nin\n%s", got, test.want, text)
			}
			for _, line := range strings.Split(text, "\n") {
				if strings.Contains(line, "# look: it ") && len(line) < 30 {
					t.Errorf("a reason says nothing: %s", line)
				}
			}
		})
	}
}

// A file is drafted where a request of it writes, and only there.
func TestDrafted(t *testing.T) {
	for requests, want := range map[string]bool{"GET /a": false, "GET /a\nPOST /a title": true} {
		d, err := fromOpenAPI(described(requests), draft.Options{})
		s, err := thresholds.Decode([]byte(encoded(t, d, err)), "thresholds.yaml", thresholds.Options{})
		if err != nil || s.Drafted != want {
			t.Errorf("%s: drafted %v, %v, want %v", requests, s.Drafted, err, want)
		}
	}
}

// plan of a fresh file says that every rule will be decided, whatever the number
// of its groups and endpoints is, and the rules hold whichever group is removed.
func TestFreshFileIsDecided(t *testing.T) {
	for _, groups := range []int{1, 3, 25, 60} {
		var paths []string
		for i := range groups {
			paths = append(paths,
				fmt.Sprintf(
					`"/g%d": {"get": {"tags": ["g%d"], "responses": {}}, "post": {"tags": ["g%d"], "responses": {}}},`+
						` "/g%d/a": {"get": {"tags": ["g%d"], "responses": {}}}`, i, i, i, i, i))
		}
		d, err := fromOpenAPI([]byte(head+strings.Join(paths, ", ")+"}}"), draft.Options{})
		text := encoded(t, d, err)
		s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.New(s, plan.Options{Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range p.Groups {
			if g.Users == 0 {
				t.Errorf("of %d groups %s has no user", groups, g.Name)
			}
		}
		for _, f := range p.Forecast() {
			if f.Prospect != plan.Decidable && f.Prospect != plan.Doubtful {
				t.Errorf("of %d groups: %s: %s %v is not decided: %s",
					groups, f.Rule, f.Subject, f.Limit.Metric, wording.Text(f.Because))
			}
		}
		if groups > 1 {
			at := strings.Index(text, "\n  g0:")
			without := text[:at] + text[at+strings.Index(text[at:], "\n  g1:"):]
			if _, err := thresholds.Decode([]byte(without), "thresholds.yaml", thresholds.Options{}); err != nil {
				t.Errorf("without a group: %v", err)
			}
		}
	}
}

// What a description says in other words than most.
func TestDescriptions(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"Swagger 2.0",
			`{"swagger": "2.0", "info": {"title": "x", "version": "1"}, "host": "localhost:8000", "basePath": "/api",` +
				` "paths": {"/items": {"get": {"responses": {"200": {"description": "ok"}}}}}}`,
			"url: 'http://localhost:8000/api'"},
		{"Swagger 2.0 in YAML", "swagger: '2.0'\ninfo: {title: x, version: '1'}\npaths:\n  /items:\n    post:\n      " +
			"parameters: [{in: body, name: b, schema: {$ref: '#/definitions/B'}}]\n      responses: {200: " +
			"{description: ok}}\ndefinitions: {B: {type: object, required: [v], properties: {v: {type: integer, " +
			"minimum: 3, maximum: 9}}}}\n",
			"json: {v: '${ int(3, 9) }'}"},
		{"a path that is another", "openapi: 3.1.0\ninfo: {title: x, version: '1'}\ncomponents: {pathItems: {S: " +
			"{get: {responses: {200: {description: ok}}}}}}\npaths:\n  /a: {$ref: '#/components/pathItems/S'}\n  /b: " +
			"{$ref: '#/paths/~1a'}\n", "- GET /b"},
		{"a path of Swagger that is elsewhere", swagger + `"/a": {"$ref": "#/x-shared"}}, "x-shared": {"get": ` +
			`{"responses": {"200": {"description": "ok"}}}}}`, "- GET /a"},
		{"a path of Swagger that is another", swagger + `"/a": {"$ref": "#/paths/~1b~1%7Bid%7D"}, "/b/{id}": ` +
			`{"$ref": "#/x-list/1"}}, "x-list": [{}, {"get": {"responses": {}}}]}`, "- GET /a"},
		{"a path with more than it refers to", swagger + `"/a": {"$ref": "#/x-a", "head": {"responses": {}}}}, ` +
			`"x-a": {"get": {"responses": {}}}}`, "- GET /a\n      - HEAD /a"},
		{"a path with more than another", head + `"/a": {"$ref": "#/paths/~1b", "head": {"responses": {}}}, ` +
			`"/b": {"get": {"responses": {}}}}}`, "- GET /a\n      - HEAD /a"},
		{"a body of Swagger that is elsewhere", swagger + `"/a": {"post": {"parameters": [{"$ref": "#/x-b"}], ` +
			`"responses": {}}}}, "x-b": {"in": "body", "name": "b", "schema": {"type": "object", "required": ["v"], ` +
			`"properties": {"v": {"type": "integer", "minimum": 3, "maximum": 9}}}}}`, "json: {v: '${ int(3, 9) }'}"},
		{"a parameter of a path of Swagger that is elsewhere", swagger + `"/a": {"parameters": [{"$ref": "#/x-q"}], ` +
			`"get": {"responses": {}}}}, "x-q": {"in": "query", "name": "q", "required": true, "type": "integer", ` +
			`"minimum": 3, "maximum": 9}}`, "'GET /a?q=${ int(3, 9) }'"},
		{"an answer of Swagger that is elsewhere", swagger + `"/items": {"post": {"responses": {"201": {"$ref": ` +
			`"#/x-made"}}}}, "/items/{itemId}": {"delete": {"responses": {}}}}, "x-made": {"description": "ok", ` +
			`"schema": {"type": "object", "properties": {"itemId": {"type": "string"}}}}, "produces": ` +
			`["application/json"]}`, "capture: {item_id: body.itemId}"},
		{"an expression in a text of a query", head +
			`"/a": {"get": {"parameters": [{"name": "to", "in": "query", "required": true, "schema": {"type": ` +
			`"string", "format": "email"}}], "responses": {}}}}}`, "'GET /a?to=user${ seq() }@example.com'"},
		{"a dollar in an example of a query", head +
			`"/a": {"get": {"parameters": [{"name": "to", "in": "query", "required": true, "schema": {"type": ` +
			`"string", "example": "a ${ b }"}}], "responses": {}}}}}`, "to=a+%24%7B+b+%7D"},
		{"an example in a path", head +
			`"/a/{id}": {"get": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": ` +
			`"string", "example": "x-1"}}], "responses": {}}}}}`,
			"# look: is id x-1 there? It is the description's example\n      - request: GET /a/x-1"},
		{"a key in a header with a line", head +
			`"/a": {"get": {"responses": {}, "security": [{"k": []}]}}}, "components": {"securitySchemes": {"k": ` +
			`{"type": "apiKey", "in": "header", "name": "api_key"}}}}`,
			`headers: {api_key: '${ env("LOADGATE_API_KEY", "change-me") }'}`},
		{"a token that nobody knows", head +
			`"/b": {"get": {"responses": {}}}, "/a": {"post": {"requestBody": {"content": {"application/json": ` +
			`{"schema": {"type": "object", "required": ["refresh_token"], "properties": {"refresh_token": {"type": ` +
			`"string"}}}}}}, "responses": {}}}}}`, "# look: POST /a: refresh_token is not known"},
		{"a username is no id", string(described("POST /user title\nGET /user/{username}")),
			"- 'GET /user/${ username }'"},
		{"an answer that is wrapped", head +
			`"/items": {"post": {"responses": {"201": {"description": "ok", "content": {"application/json": ` +
			`{"schema": {"type": "object", "properties": {"data": {"type": "object", "properties": {"itemId": ` +
			`{"type": "string"}}}}}}}}}}}, "/items/{itemId}": {"delete": {"responses": {}}}}}`,
			"capture: {item_id: body.data.itemId}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromOpenAPI([]byte(test.src), draft.Options{})
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// Words of a path or query that nobody can take back make a comment, in any place
// and in one word with others, also where the method reads; words that only look
// like them do not.
func TestWordsThatUndo(t *testing.T) {
	for _, request := range []string{
		"GET /item_delete.php", "GET /notes/delete/really", "GET /tools/purge/everything",
		"GET /api/deleteall", "GET /x/remove-item",
		"GET /x/userDelete", "GET /x/purgeCache", "GET /x/clearcache",
		"GET /x/delUser", "GET /x/cachereset", "GET /x/DELETEAll/now",
		"GET /orders/archive", "GET /posts/{id}/publish", "GET /x/del-note/{id}",
		"GET /items/{id}:delete", "GET /artikel/loeschen",
		"POST /api/bulkdelete", "POST /api/del_note", "POST /api/deleted-notes",
		"POST /api/settings", "POST /tickets/close",
		"POST /sync", "POST /sync/users", "POST /user-sync", "POST /db/seed", "POST /admin/reindex",
		"POST /cache/rebuild", "POST /webhooks/stripe", "POST /webhook", "POST /hooks/git", "POST /newsletter/blast",
		"POST /approve", "POST /import", "POST /users/import", "POST /vote", "POST /pay", "POST /updateUser",
		"POST /tree/replace", "POST /mark-read", "POST /site/publish", "POST /payments/refund", "POST /data/restore",
		"POST /index/refresh", "POST /users/ban", "POST /users/block", "POST /schema/migrate", "POST /wallet/withdraw",
		"POST /jobs/run", "POST /run-job", "POST /runJob", "POST /pipelines/execute", "POST /batches/start",
		"POST /launch/all", "POST /tasks/dispatch", "POST /queue/process", "POST /start-tasks",
		"POST /functions/invoke",
		"POST /stock", "POST /store/inventory", "POST /parcels/ship", "POST /device-status",
	} {
		d, err := fromOpenAPI(described("GET /a\n"+request), draft.Options{})
		if got := sent(t, encoded(t, d, err)); len(got) != 1 {
			t.Errorf("%s: sent are %v", request, got)
		}
	}
	for _, request := range []string{
		"GET /deleted", "GET /items/undeleted", "GET /presets",
		"GET /senders", "GET /delivery", "GET /delegates", "GET /clearance", "GET /model",
		"GET /archives/recent", "GET /transfers", "GET /blocks/{id}",
		"GET /dropdown", "GET /cancelled-orders", "POST /cleaners name", "POST /delegates name",
		"POST /orders", "POST /imports", "POST /votes", "POST /webhooks", "POST /transfers", "POST /deployments",
		"POST /sync-jobs", "POST /seeds", "POST /approvals", "POST /payments", "POST /auth/refresh", "POST /blocks",
		"POST /updates", "POST /import/csv", "POST /replacements", "POST /publishers", "POST /charges", "POST /likes",
		"POST /jobs", "POST /runs", "POST /run-logs", "POST /launches", "POST /processes", "POST /starters",
		"POST /statuses", "POST /dispatchers", "POST /stockings", "POST /test-runs",
	} {
		d, err := fromOpenAPI(described("GET /a\n"+request), draft.Options{})
		if got := sent(t, encoded(t, d, err)); len(got) != 2 {
			t.Errorf("%s: sent are %v", request, got)
		}
	}
}

// asked is a description of one request with a query.
func asked(method, key, value string) []byte {
	return []byte(head +
		fmt.Sprintf(
			`"/b": {"get": {"responses": {}}}, "/a": {%q: {"parameters": [{"name": %q, "in": "query", "required": `+
				`true, "schema": {"type": "string"}, "example": %q}], "responses": {}}}}}`,
			strings.ToLower(method), key, value))
}

// What a query orders counts as what a path says.
func TestQueriesThatUndo(t *testing.T) {
	for _, q := range [][3]string{
		{"GET", "action", "delete"}, {"GET", "do", "removeUser"},
		{"GET", "x", "purge"}, {"GET", "cmd", "ban"}, {"GET", "_method", "PUT"}, {"GET", "delete", "7"},
		{"POST", "do", "deleteUser"}, {"POST", "op", "merge"},
		{"GET", "query", "mutation { x }"}, {"GET", "a b", "batch-delete"},
	} {
		d, err := fromOpenAPI(asked(q[0], q[1], q[2]), draft.Options{})
		if got := sent(t, encoded(t, d, err)); len(got) != 1 {
			t.Errorf("%v of a description: sent are %v", q, got)
		}
		text := drafts(t, exchange{method: "GET", url: local + "/b"},
			exchange{at: 1, method: q[0], url: local + "/a?" + url.QueryEscape(q[1]) + "=" + url.QueryEscape(q[2])})
		if got := sent(t, text); len(got) != 1 {
			t.Errorf("%v of a recording: sent are %v", q, got)
		}
	}
	for _, q := range [][3]string{{"GET", "status", "deleted"},
		{"GET", "delete", "false"}, {"GET", "action", "list"}, {"GET", "with_deleted", "true"}} {
		d, err := fromOpenAPI(asked(q[0], q[1], q[2]), draft.Options{})
		if got := sent(t, encoded(t, d, err)); len(got) != 2 {
			t.Errorf("%v: sent are %v", q, got)
		}
	}
	enum := head +
		`"/b": {"get": {"responses": {}}}, "/a": {"get": {"parameters": [{"name": "action", "in": "query", ` +
		`"required": true, "schema": {"type": "string", "enum": ["wipe", "purge"]}}], "responses": {}}}}}`
	d, err := fromOpenAPI([]byte(enum), draft.Options{})
	if got := sent(t, encoded(t, d, err)); len(got) != 1 {
		t.Errorf("an enum: sent are %v", got)
	}
}

// sending is a description of one request with a body.
func sending(path, schema string) []byte {
	return []byte(head + `"/b": {"get": {"responses": {}}}, "` + path +
		`": {"post": {"requestBody": {"content": {"application/json": {"schema": ` +
		schema + `}}}, "responses": {}}}}}`)
}

// Bodies that act on what is there, and what may reach people, are marked.
func TestBodiesThatAct(t *testing.T) {
	for _, test := range []struct{ path, schema, want string }{
		{"/things", `{"type": "array", "items": {"type": "integer", "example": 31}}`,
			"POST /things: it writes to what this group did not make: the ids that its body lists"},
		{"/doors/open",
			`{"type": "object", "required": ["device_id", "client_id"], "properties": {"device_id": {"type": ` +
				`"integer", "example": 4}, "client_id": {"type": "integer", "example": 5}}}`,
			"did not make: client_id, device_id"},
		{"/things",
			`{"type": "object", "required": ["delete"], "properties": {"delete": {"type": "boolean", "enum": [true]}}}`,
			`its body says "delete"`},
		{"/transfers", `{"type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer"}}}`,
			"# look: its path says \"transfers\": does it move real money?\n      - request: POST /transfers"},
		{"/letters",
			`{"type": "object", "required": ["about"], "properties": {"about": {"type": "string", "example": ` +
				`"ada@shop.de"}}}`,
			"# look: its body holds ada@shop.de: does mail go there?\n      - request: POST /letters"},
		{"/letters",
			`{"type": "object", "required": ["about"], "properties": {"about": {"type": "string", "example": ` +
				`"ada@example.org"}}}`, "steps:\n      - request: POST /letters"},
		{"/letters",
			`{"type": "object", "required": ["to"], "properties": {"to": {"type": "string", "format": "email"}}}`,
			"POST /letters: it sends something to others: to"},
		{"/web-hooks",
			`{"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}}`,
			"POST /web-hooks: it makes the service call an address: url"},
		{"/tags", `{"type": "array", "items": {"type": "string", "enum": ["red"]}}`,
			"steps:\n      - request: POST /tags"},
		{"/gate",
			`{"type": "object", "required": ["cancel_url"], "properties": {"cancel_url": {"type": "string", ` +
				`"example": "/x"}}}`, "\n      - request: POST /gate"},
	} {
		d, err := fromOpenAPI(sending(test.path, test.schema), draft.Options{})
		if got := encoded(t, d, err); !strings.Contains(got, test.want) {
			t.Errorf("%s: want %s in\n%s", test.path, test.want, got)
		}
	}
}

// A header says who sends, and not what is written to.
func TestSenderHeaders(t *testing.T) {
	src := strings.ReplaceAll(string(described("POST /items title\nDELETE /items/{id}")), `"parameters": [{`,
		`"parameters": [{"name": "X-Tenant-Id", "in": "header", "required": true, "schema": {"type": "string"}}, {`)
	d, err := fromOpenAPI([]byte(src), draft.Options{})
	if got := strings.Join(sent(t, encoded(t, d, err)), ", "); got != "POST /items, DELETE /items/{item_id}" {
		t.Errorf("sent are %s", got)
	}
}
