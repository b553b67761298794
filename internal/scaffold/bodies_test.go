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
		post("application/json", `{"type": "cleanup"}`), post("application/json", `{"job": "purge-old-rows"}`),
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

// What a recording has in an unusual form is in the file as it was, or a line with look: says what
// is not.
func TestUnusualRecordings(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	post := func(mime, body string, headers ...string) exchange {
		return exchange{at: 1, method: "POST", url: local + "/x", mime: mime, body: body, headers: headers}
	}
	get := func(path string, headers ...string) exchange {
		return exchange{at: 1, method: "GET", url: local + path, headers: headers}
	}
	for _, test := range []struct {
		name string
		e    exchange
		want string
		sent int // with a request before it
	}{
		{"a field twice", post(form, "agree=0&agree=1"), "text: 'agree=0&agree=1'", 2},
		{"a field twice beside a secret", post(form, "a=1&a=2&password=Blumen77"),
			"# look: a was sent several times: only the first is here", 2},
		{"a secret twice", post(form, "a=1&password=&password=Blumen77"),
			"# look: password was sent several times: only the first is here", 2},
		{"ids twice", post(form, "user_ids[]=1&user_ids[]=2"), "it writes to what this group did not make", 1},
		{"a key twice", post("application/json", `{"a": 1, "a": {"password": "Blumen77"}}`),
			"# look: a was sent several times: only the first is here", 2},
		{"deep JSON", post("application/json", strings.Repeat(`{"a":`, 35)+"1"+strings.Repeat("}", 35)),
			"its body may hold a secret", 1},
		{"a lone sign", get("/x?q=100%&r=1"), "GET /x?q=100%25&r=1", 2},
		{"a lone sign in a path", get("/100%/a%zz%?q=1"), "GET /100%25/a%25zz%25?q=1", 2},
		{"a lone sign in a fragment", get("/50%?x=1#a?50%"), "GET /50%25?x=1", 2},
		{"an address that is not valid", get("/a\x01b?password=Blumen77"),
			"look: left out: 1 request of recording ", 1},
		{"a secret with a lone sign", get("/x?password=Blumen77%"), `password=${ env("LOADGATE_PASSWORD"`, 2},
		{"an upload", post("", "", "Content-Length", "100"),
			"# look: its body was not recorded: write json, form, text or multipart", 1},
		{"nothing sent", post("", "", "Content-Length", "0"), "- POST /x", 2},
		{"a scheme", get("/x", "Authorization", "Token Blumen77"), "Authorization: 'Token ${ env(", 2},
		{"a key before a text", get("/x", "Authorization", "Blumen77 abcdef"), "Authorization: '${ env(", 2},
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, test.e)
		if !strings.Contains(text, test.want) || strings.Contains(text, "Blumen") {
			t.Errorf("%s: want %s and no secret in\n%s", test.name, test.want, text)
		}
		if got := sent(t, text); len(got) != test.sent {
			t.Errorf("%s: sent are %v, want %d in\n%s", test.name, got, test.sent, text)
		}
	}
}

// A host whose http sends on to https is loaded at https.
func TestRecordingOfASecureHost(t *testing.T) {
	const host = "://shop.example.com"
	text := drafts(t, exchange{method: "GET", url: "http" + host + "/", status: 301, redirect: "https" + host + "/",
		kind: "text/html"}, exchange{at: 1, method: "GET", url: "https" + host + "/", kind: "text/html"},
		exchange{at: 2, method: "GET", url: "https" + host + "/api"})
	if !strings.Contains(text, "url: 'https"+host+"'") {
		t.Errorf("the address is not that of https in\n%s", text)
	}
}
