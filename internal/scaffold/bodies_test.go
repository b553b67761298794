package scaffold_test

import (
	"strings"
	"testing"
)

// What a body says counts, whatever its content type calls it.
func TestBodiesOfAnyType(t *testing.T) {
	post := func(mime, body string) exchange {
		return exchange{at: 1, method: "POST", url: local + "/gate", mime: mime, body: body}
	}
	for _, e := range []exchange{
		post("text/plain;charset=UTF-8", `{"method": "ticket.delete"}`), post("", `{"method": "ticket.delete"}`),
		post("text/plain", "_method=DELETE&x=1"), post("", "op=wipe"),
		post("application/graphql", "mutation Close { shut(a: 1) { ok } }"),
		post("text/xml", "<methodCall><methodName>ticket.remove</methodName></methodCall>"),
		post(`application/soap+xml; action="urn:shop/Purge"`, "<a/>"),
		post("application/json", `{"sql": "DROP TABLE tickets"}`),
		post("application/json", `{"q": "delete from tickets where 1=1"}`),
		post("text/xml", "<Envelope><Body><command>wipe</command></Body></Envelope>"),
		post("application/x-ndjson", "{\"a\": 1}\n{\"action\": \"purge\"}"),
		post("application/json", `{"payload": "{\"cmd\": \"reboot\"}"}`),
		post("application/x-www-form-urlencoded", `{"action": "erase"}`),
		post("application/json", `{"type": "REMOVE_TICKET"}`),
		post("text/plain", "purge all"), post("application/xml", `<call action="destroy"/>`),
		post("application/x-www-form-urlencoded", "action=view&action=delete"), post("text/plain", `{"account_id": 5}`),
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, e)
		if got := sent(t, text); len(got) != 1 || !strings.Contains(text, "# look: it") {
			t.Errorf("%s %s: sent are %v in\n%s", e.mime, e.body, got, text)
		}
	}
	for _, e := range []exchange{
		post("text/plain", `{"title": "how to remove stains"}`),
		post("", "title=a&text=please+cancel"), post("text/plain", "hello"),
		post("application/graphql", "{ tickets { title } }"),
		post("text/xml", "<order><note>do not drop it</note></order>"),
		post("application/json", `{"slug": "how-to-remove-stains", "cancel_url": "https://x.example/cancel"}`),
		post(`application/soap+xml; action="urn:shop/GetOrder"`, "<a/>"),
		post("application/json", `{"text": "create a table for two"}`),
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, e)
		if got := sent(t, text); len(got) != 2 {
			t.Errorf("%s %s: sent are %v in\n%s", e.mime, e.body, got, text)
		}
	}
}

// A body is written as what it is, with the content type that it had; what no file
// can hold so is written as text, with all its bytes.
func TestBodiesAsTheyAre(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	long := strings.Repeat("n", 600)
	for _, test := range []struct{ mime, body, want string }{
		{"text/plain", `{"a": 1}`, "headers: {Content-Type: text/plain}\n        json: {a: 1}"},
		{"", "a=1&b=2", "form: {a: '1', b: '2'}"},
		{form, `{"a": "b"}`, "headers: {Content-Type: " + form + "}\n        json: {a: b}"},
		{"application/json", `{"n": 36893488147419103232}`, `text: '{"n": 36893488147419103232}'`},
		{"application/json", `{"n": 2E999}`, `text: '{"n": 2E999}'`},
		{"application/json", `{"n": 18446744073709551615}`, "json: {'n': 18446744073709551615}"},
		{form, long + "=1", "text: " + long + "=1"},
		{form, "a%07b=1", "text: 'a%07b=1'"},
		{form, "a%07b=1&password=Blumen77", "it is not sent, and says nothing"},
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"},
			exchange{at: 1, method: "POST", url: local + "/x", mime: test.mime, body: test.body})
		if strings.HasPrefix(test.want, "it is") {
			if got := sent(t, text); len(got) != 1 || strings.Contains(text, "Blumen") {
				t.Errorf("%s: sent are %v in\n%s", test.body, got, text)
			}
		} else if !strings.Contains(text, test.want) {
			t.Errorf("want %s in\n%s", test.want, text)
		}
	}
}
