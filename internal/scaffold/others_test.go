package scaffold_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// A POST that acts on what its group did not make, or on the account that it is sent
// with, is a comment, also where an id is a word; one that makes something is sent.
func TestWritesToOthers(t *testing.T) {
	const asJSON = "application/json"
	post := func(path string) exchange {
		return exchange{at: 2, method: "POST", url: local + path, mime: asJSON, body: `{"a": 1}`}
	}
	for _, path := range []string{
		"/api/people/bo/follow", "/api/claims/late-claim/approve",
		"/INV-7/ship", "/api/hosts/web1/power", "/channels/lobby/leave",
		"/lamps/hall-lamp/off", "/api/repos/acme/issues", "/channel/lobby/leave",
		"/api/memos/m-9c/share", "/api/tasks/t9", "/visit/end",
		"/api/profile/pin", "/profile/avatar", "/x?route=account/edit",
		"/account/upgrade", "/account/email", "/user/address", "/my-account/phone",
		"/api/shred", "/files/scrub", "/hosts/decommission", "/seats/deprovision",
		"/plans/retire", "/drafts/discard", "/disks/eject",
		"/members/expel", "/members/kick", "/claims/reject", "/edits/undo",
		"/keys/rotate", "/api/obliterate", "/fields/nullify",
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, post(path))
		if got := sent(t, text); len(got) != 1 || !strings.Contains(text, "# look: it") {
			t.Errorf("%s: sent are %v in\n%s", path, got, text)
		}
	}
	for _, path := range []string{
		"/api/items", "/api/cart/items", "/api/v2/items", "/items/search",
		"/account", "/account/register", "/api/jobs/import/csv", "/users/signup",
		"/checkout/step-2", "/shop/cart/add", "/api/reports/requests",
		"/legends", "/oauth2/items", "/front-end/errors", "/rejections", "/powers",
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, post(path))
		if got := sent(t, text); len(got) != 2 {
			t.Errorf("%s: sent are %v in\n%s", path, got, text)
		}
	}
	made := exchange{at: 1, method: "POST", url: local + "/memo",
		mime: asJSON, body: `{"a": 1}`, status: 201, answer: `{"id": "m-77aa"}`}
	text := drafts(t, made, post("/memo/m-77aa/share"), post("/memo/abcd/share"))
	if got := strings.Join(sent(t, text), ", "); got != "POST /memo, POST /memo/{memo_id}/share" {
		t.Errorf("sent are %s in\n%s", got, text)
	}
}

// What moves money is marked, by its path or by what its body says.
func TestMoney(t *testing.T) {
	for _, test := range []struct {
		path, body string
		want       bool
	}{
		{"/transactions", `{"x": 1}`, true}, {"/wire", `{"x": 1}`, true},
		{"/order", `{"x": 1}`, true}, {"/donate", `{"x": 1}`, true},
		{"/sell", `{"x": 1}`, true}, {"/trade", `{"x": 1}`, true},
		{"/gate", `{"to": {"amount": 5}}`, true}, {"/notes", `{"x": 1}`, false},
	} {
		text := drafts(t, exchange{method: "POST", url: local + test.path, mime: "application/json", body: test.body})
		if got := strings.Contains(text, "does it move real money?"); got != test.want {
			t.Errorf("%s %s: a look is %v in\n%s", test.path, test.body, got, text)
		}
	}
}

// The sentences of a description are read as well as its names.
func TestDescribedHarm(t *testing.T) {
	operation := func(id string) bool {
		d, err := fromOpenAPI([]byte(head+fmt.Sprintf(`"/b": {"get": {"responses": {}}}, "/gate": {"post": `+
			`{"operationId": %q, "responses": {}}}}}`, id)), draft.Options{})
		return len(sent(t, encoded(t, d, err))) == 2
	}
	for id, want := range map[string]bool{
		"syncAll": false, "seed_db_gate_post": false, "GateController_reindex": false, "approveGate": false,
		"createGate": true, "create_sync_gate_post": true, "postGate": true, "gate_create": true,
	} {
		if got := operation(id); got != want {
			t.Errorf("operation %s: sent is %v", id, got)
		}
	}
	for _, test := range []struct {
		method, summary, description string
		sent                         bool
	}{
		{"post", "Deletes all expired rows", "", false},
		{"post", "Maintenance", "Runs nightly. Permanently removes old rows.", false},
		{"post", "This endpoint purges the cache", "", false},
		{"get", "Wipes the cache", "", false}, {"post", "", "Used to cancel a row", false},
		{"post", "Checks and deletes rows", "", false}, {"post", "Create a row", "Use DELETE to remove it.", true},
		{"post", "Create a row", "To delete it, ask us.", true},
		{"get", "Lists rows", "Deleted rows are left out.", true},
		{"post", "Overwrites all local rows with the upstream", "", false}, {"post", "Rebuild the index", "", false},
		{"post", "", "Runs nightly and notifies all users.", false}, {"post", "Banning a user", "", false},
		{"post", "Replaces the tree", "", false}, {"post", "Publishes the page", "", false},
		{"post", "Charges the card", "", false}, {"post", "Imports rows from a file", "", false},
		{"post", "Accepts a row", "Blocking is not needed.", false}, {"post", "Accepts a row and stores it", "", true},
		{"post", "Place an order", "Updates are sent by mail.", true}, {"get", "Updates of rows", "", true},
	} {
		src := head +
			fmt.Sprintf(
				`"/b": {"get": {"responses": {}}}, "/gate": {%q: {"summary": %q, "description": %q, `+
					`"responses": {}}}}}`,
				test.method, test.summary, test.description)
		d, err := fromOpenAPI([]byte(src), draft.Options{})
		if got := len(sent(t, encoded(t, d, err))) == 2; got != test.sent {
			t.Errorf("%s %q %q: sent is %v", test.method, test.summary, test.description, got)
		}
	}
}
