package scaffold_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const local = "http://localhost:8000"

func drafts(t *testing.T, all ...exchange) string {
	t.Helper()
	d, err := har.Draft([]input.File{{Name: "user", Text: recording(t, all...)}}, draft.Options{})
	return encoded(t, d, err)
}

// A recorded request that writes is sent where it makes something, or acts on
// what a recorded request made: a number alone says too little.
func TestRecordedWrites(t *testing.T) {
	const asJSON = "application/json"
	list := exchange{method: "GET", url: local + "/items", answer: `[{"id": 7}, {"id": 12}]`}
	for _, test := range []struct {
		name, want string
		all        []exchange
	}{
		{"what was made",
			"POST /items, GET /items, GET /items/{item_id}, PATCH /items/{item_id}, DELETE /items/{item_id}",
			[]exchange{
				{method: "POST", url: local + "/items", mime: asJSON,
					body: `{"a": "b"}`, status: 201, answer: `{"id": 31}`},
				{at: 1, method: "GET", url: local + "/items", answer: `[{"id": 7}, {"id": 31}]`},
				{at: 2, method: "GET", url: local + "/items/31", answer: `{"id": 31}`},
				{at: 3, method: "PATCH", url: local + "/items/31", mime: asJSON, body: `{"a": "c"}`},
				{at: 4, method: "DELETE", url: local + "/items/31", status: 204}}},
		{"what is listed", "GET /items", []exchange{list, {at: 1, method: "DELETE", url: local + "/items/7"},
			{at: 2, method: "PUT", url: local + "/items/12", mime: asJSON, body: `{"a": "c"}`}}},
		{"a number that two things have", "POST /notes, GET /items", []exchange{
			{method: "POST", url: local + "/notes", mime: asJSON, body: `{"a": "b"}`,
				status: 201, answer: `{"id": 12}`}, list, {at: 1, method: "DELETE", url: local + "/items/12"}}},
		{"an id in a body", "GET /items",
			[]exchange{list, {at: 1, method: "POST", url: local + "/reports", mime: asJSON, body: `{"item_id": 7}`},
				{at: 2, method: "POST", url: local + "/reports", mime: asJSON, body: `{"ids": [99]}`}}},
		{"an id in a form or a query", "GET /items",
			[]exchange{list, {at: 1, method: "POST", url: local + "/reports", mime: "application/x-www-form-urlencoded",
				body: "user_id=5"}, {at: 2, method: "POST", url: local + "/reports?userId=5"}}},
		{"what a search answers is not made", "POST /items/search", []exchange{
			{method: "POST", url: local + "/items/search", mime: asJSON, body: `{"q": "b"}`, answer: `{"id": 31}`},
			{at: 1, method: "DELETE", url: local + "/items/31"}}},
		{"somebody else in what was made", "POST /orders", []exchange{
			{method: "POST", url: local + "/orders", mime: asJSON,
				body: `{"a": "b"}`, answer: `{"id": 31, "user_id": 4000, "buyer": {"id": 4001}}`},
			{at: 1, method: "DELETE", url: local + "/users/4000"},
			{at: 2, method: "DELETE", url: local + "/users/4001"}}},
		{"a command", "GET /items", []exchange{list,
			{at: 1, method: "POST", url: local + "/rpc", mime: asJSON, body: `{"method": "user.delete"}`},
			{at: 2, method: "POST", url: local + "/graphql", mime: asJSON, body: `{"query": "mutation { x }"}`},
			{at: 3, method: "POST", url: local + "/a", mime: "application/x-www-form-urlencoded",
				body: "_method=DELETE"}}},
		{"methods that read", "GET /items, PROPFIND /items, REPORT /items, SEARCH /items, TRACE /items", []exchange{
			list, {at: 1, method: "PROPFIND", url: local + "/items"}, {at: 2, method: "REPORT", url: local + "/items"},
			{at: 3, method: "SEARCH", url: local + "/items"}, {at: 4, method: "TRACE", url: local + "/items"}}},
		{"methods that write", "GET /items", []exchange{list, {at: 1, method: "PURGE", url: local + "/items"},
			{at: 2, method: "MOVE", url: local + "/items"}, {at: 3, method: "MKCOL", url: local + "/notes"},
			{at: 4, method: "CONNECT", url: local + "/"}}},
		{"another method", "GET /items", []exchange{list,
			{at: 1, method: "POST", url: local + "/a", headers: []string{"X-HTTP-Method-Override", "DELETE"}}}},
		{"verbs and the own account", "GET /items",
			[]exchange{list, {at: 1, method: "POST", url: local + "/logout"},
				{at: 2, method: "GET", url: local + "/auth/signout"},
				{at: 3, method: "PATCH", url: local + "/users/me", mime: asJSON, body: `{"a": 1}`}}},
		{"ids that a body lists", "GET /items",
			[]exchange{list, {at: 1, method: "POST", url: local + "/things", mime: asJSON, body: `[31, 32]`},
				{at: 2, method: "POST", url: local + "/things",
					mime: asJSON, body: `["a1b2c3d4-0000-4000-8000-000000000001"]`}}},
		{"a device in a body", "GET /items",
			[]exchange{list, {at: 1, method: "PUT", url: local + "/bills/INV-20417", mime: asJSON, body: `{"a": 1}`},
				{at: 1, method: "POST", url: local + "/doors", mime: asJSON, body: `{"device_id": 4}`}}},
		{"a call of SOAP", "GET /items",
			[]exchange{list, {at: 1, method: "POST", url: local + "/soap", mime: "text/xml",
				body: `<x:Body><DropUser/></x:Body>`}, {at: 2, method: "POST", url: local + "/soap",
				mime: "text/xml", body: "<a/>", headers: []string{"SOAPAction", "urn:PurgeAll"}}}},
		{"a login", "POST /login, GET /items", []exchange{
			{method: "POST", url: local + "/login", mime: asJSON,
				body:   `{"user": "ada", "password": "hunter2hunter2", "user_id": 3}`,
				answer: `{"access_token": "0123456789abcdef"}`},
			{at: 1, method: "GET", url: local + "/items",
				headers: []string{"Authorization", "Bearer 0123456789abcdef"}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := drafts(t, test.all...)
			if got := strings.Join(sent(t, text), ", "); got != test.want {
				t.Errorf("sent are\n%s\nwant\n%s\nin\n%s", got, test.want, text)
			}
		})
	}
}

// Where a recording leads, and what of it is one request.
func TestRecordedWays(t *testing.T) {
	page := func(url string, status int, to string) exchange {
		return exchange{method: "GET", url: url, kind: "text/html", status: status, redirect: to}
	}
	const shop = "https://shop.example.com"
	for _, test := range []struct {
		name, want string
		all        []exchange
	}{
		{"the first page's host", "url: 'https://shop.example.com'",
			[]exchange{page(shop+"/", 200, ""), {method: "GET", url: "https://t.example.net/a"},
				{method: "GET", url: "https://t.example.net/b"}, {method: "GET", url: "https://t.example.net/c"}}},
		{"a host that only sends on", "url: 'https://www.example.com'",
			[]exchange{page("http://example.com/", 301, "https://www.example.com/"),
				page("https://www.example.com/", 200, "")}},
		{"no page, beacons", "url: 'http://localhost:8000'",
			[]exchange{{method: "GET", url: local + "/a"},
				{method: "POST", url: "https://o.example.net/", mime: "application/ocsp-request", body: "x"},
				{method: "POST", url: "https://b.example.net/", status: 204},
				{method: "POST", url: "https://b.example.net/", status: 204}}},
		{"a write that answers nothing", "- request: POST /things\n        json: {a: 1}\n",
			[]exchange{{method: "POST", url: local + "/things", mime: "application/json", body: `{"a": 1}`,
				resource: "fetch", status: 204}}},
		{"a write that answers nothing, a beacon and a check", "url: 'http://localhost:8000'",
			[]exchange{{method: "POST", url: "https://o.example.net/", mime: "application/ocsp-request", body: "x"},
				{method: "POST", url: "https://b.example.net/", resource: "ping", status: 204},
				{method: "POST", url: "https://b.example.net/", resource: "beacon", status: 204},
				{method: "POST", url: local + "/things", status: 204}}},
		{"a write that answers nothing and a host that fails", "url: 'http://localhost:8000'",
			[]exchange{{method: "GET", url: "https://b.example.net/", status: 404},
				{method: "POST", url: local + "/things", status: 204}}},
		{"a write and a page of its host that failed", "steps:\n      - POST /things\n",
			[]exchange{page(shop+"/", 500, ""), {method: "POST", url: shop + "/things", status: 204}}},
		{"a login that sends on and what may be beacons", "url: 'http://localhost:8000'",
			[]exchange{{method: "POST", url: "https://b.example.net/", status: 204},
				{method: "POST", url: "https://b.example.net/", status: 204},
				{method: "POST", url: local + "/things", status: 303, redirect: "/x.png"}}},
		{"a write that answers a picture", "steps:\n      - POST /charts\n",
			[]exchange{{method: "POST", url: local + "/charts", kind: "image/png"}}},
		{"a page that a file led to", "steps:\n      - GET /home\n",
			[]exchange{page("https://id.example.com/", 302, shop+"/x.png"), page(shop+"/x.png", 302, "/home"),
				page(shop+"/home", 200, "")}},
		{"a chain of redirects", "- {request: GET /start, follow: true}\n      - GET /api\n",
			[]exchange{page(shop+"/start", 302, "/sso?x=1"), page(shop+"/sso?x=1", 302, shop+"/back"),
				page(shop+"/back", 303, "/home"), page(shop+"/home", 200, ""), {method: "GET", url: shop + "/api"}}},
		{"a chain with others between", "- {request: GET /start, follow: true}\n      - GET /api\n",
			[]exchange{page(shop+"/start", 302, "/home"), {method: "GET", url: shop + "/api"},
				page(shop+"/home", 200, "")}},
		{"a chain over another host", "- request: GET /start\n        expect: status == 302\n      - GET /api\n",
			[]exchange{page(shop+"/start", 302, "https://id.example.com/login"),
				page("https://id.example.com/login", 302, shop+"/back?code=1"), page(shop+"/back?code=1", 302, "/home"),
				page(shop+"/home", 200, ""), {method: "GET", url: shop + "/api"}}},
		{"ids of which no answer told", "name: 'GET /a/{id}/b'",
			[]exchange{{method: "GET", url: local + "/a/1/b"}, {method: "GET", url: local + "/a/22/b"}}},
		{"two ids in one path", "name: 'GET /a/{id}/b/{id} (2)'",
			[]exchange{{method: "GET", url: local + "/a/1/b/2"}, {method: "GET", url: local + "/a/3/b/4"}}},
		{"a session in a path", "# look: left out: jsessionid in a path, which may hold a session\n  user:\n    " +
			"wait: 900ms\n    steps:\n      - 'GET /shop/list?x=1'\n      - GET /cart;view=all\n",
			[]exchange{{method: "GET", url: local + "/shop/list;jsessionid=AB12CD34EF56AB12CD34EF56AB12CD34?x=1"},
				{method: "GET", url: local + "/cart;view=all"}}},
		{"parameters of a path", "# look: 61 was recorded: is it there?\n      - request: GET /x/list;id=61;v=3/y\n  " +
			"      name: 'GET /x/list;id={id};v=3/y'", []exchange{{method: "GET", url: local + "/x/list;id=61;v=3/y"}}},
		{"a number behind a word", "# look: INV-20417 was recorded: is it there?\n      - request: GET " +
			"/bills/INV-20417/items\n        name: 'GET /bills/{id}/items'",
			[]exchange{{method: "GET", url: local + "/bills/INV-20417/items"}}},
		{"a person in a path", "# look: bo@mail.example was recorded: is it there, and may it be in this file?\n     " +
			" - request: 'GET /u/bo@mail.example/notes'\n        name: 'GET /u/{id}/notes'",
			[]exchange{{method: "GET", url: local + "/u/bo@mail.example/notes"}}},
		{"a phone in a path", "request: GET /phones/+43155501234\n        name: 'GET /phones/{id}'",
			[]exchange{{method: "GET", url: local + "/phones/+43155501234"}}},
		{"keys in parentheses", "request: \"GET /Rooms(17)/Beds('b')\"\n        name: 'GET /Rooms({id})/Beds({id})'",
			[]exchange{{method: "GET", url: local + "/Rooms(17)/Beds('b')"}}},
		{"ids in a query", "# look: 9 was recorded: is it there?\n      # look: CD-2 was recorded: is it there?\n    " +
			"  - request: 'GET /thing?id=9&sku=CD-2&page=300'\n        name: 'GET /thing?id={id}&sku={id}&page=300'",
			[]exchange{{method: "GET", url: local + "/thing?id=9&sku=CD-2&page=300"}}},
		{"one id", "# look: 5 was recorded: is it there?\n      - request: GET /a/5\n        name: 'GET /a/{id}'",
			[]exchange{{method: "GET", url: local + "/a/5"}}},
		{"no answer", "# look: left out: 2 requests that failed\n  user:\n    wait: 1s\n    steps:\n      - GET /a\n\n",
			[]exchange{{method: "GET", url: local + "/a"}, {method: "GET", url: local + "/b", status: -1},
				{method: "GET", url: local + "/c", status: 999}}},
		{"words are no ids", "- GET /view_admin_analytics\n      - GET /a-very-long-name-of-a-page\n",
			[]exchange{{method: "GET", url: local + "/view_admin_analytics"},
				{method: "GET", url: local + "/a-very-long-name-of-a-page"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range test.all {
				test.all[i].at = float64(i)
			}
			if got := drafts(t, test.all...); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// Where nothing of a recording may be sent there is a file all the same, which
// reads.
func TestNothingToSend(t *testing.T) {
	for _, e := range []exchange{
		{method: "DELETE", url: local + "/items/7"},
		{method: "POST", url: local + "/logout", resource: "fetch", status: 204},
		{method: "POST", url: "http://10.0.0.5:9000/token/true/logout/true", status: 204},
	} {
		text := drafts(t, e)
		if got := strings.Join(sent(t, text), ", "); got != "GET /" ||
			!regexp.MustCompile(`#     - (request: )?`+e.method+` /`).MatchString(text) {
			t.Errorf("sent are %s in\n%s", got, text)
		}
	}
}

// secretForms are values that open a door, wherever they are in a recording.
var secretForms = []string{
	"s3ss10n-of-ada-9f", "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2ln", "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
	"Zx81kQ09mmT4vLw2PqR7", "sk_" + "live_51H8abcd", "AIza" + "SyD4x9Q2w8Lm",
}

// No secret of a recording is in the file, in whichever header or value it was.
func TestRecordedSecrets(t *testing.T) {
	for _, secret := range secretForms {
		nested, err := json.Marshal(map[string]any{"a_session": secret})
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range []string{secret, string(nested), "Bearer " + secret} {
			var headers []string
			for _, header := range []string{"X-Fallback-Cookies", "X-Shop-Session",
				"X-SID", "X-Anything", "App-Sess", "Token", "X-Requested-With", "Proxy-Authorization", "X_Key"} {
				if strings.HasPrefix(secret, "s3ss10n") && header == "X-Requested-With" {
					continue // a word, in a header that is kept
				}
				headers = append(headers, header, value)
			}
			if got := drafts(t, exchange{method: "GET", url: local + "/a", headers: headers}); strings.Contains(
				got, secret) {
				t.Errorf("%s is in\n%s", secret, got)
			}
		}
		if strings.HasPrefix(secret, "s3ss10n") {
			continue
		}
		for _, e := range []exchange{
			{method: "POST", url: local + "/a", mime: "application/json",
				body: fmt.Sprintf(`{"deep": [{"state": %q}], "text": %q}`, secret, nested)},
			{method: "POST", url: local + "/a", mime: "application/x-www-form-urlencoded", body: "state=" + secret},
			{method: "POST", url: local + "/a", mime: "text/plain", body: "hello " + secret},
			{method: "GET", url: local + "/a?state=" + secret},
			{method: "GET", url: local + "/a;jsessionid=" + secret},
		} {
			if got := drafts(t, e); strings.Contains(got, secret) {
				t.Errorf("%s of %s %s is in\n%s", secret, e.method, e.url+e.body, got)
			}
		}
	}
}

// generated is a recording of random requests on few paths, with ids that come
// back, odd names, redirects and bodies of all kinds.
func generated(r *rand.Rand) (all []exchange) {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	id := func() string {
		return pick("1", "2", "7", "42", "a1b2c3d4-0000-4000-8000-00000000000"+pick("1", "2"),
			"5f1e2d3c4b5a69788796a5b4", "view_admin_analytics", "x'y", "a%2Fb", "ä", "${", "{id}", "x;a=1;b", ";",
			"f(1,'2')", "o@x.y", "+491234567", "A-1234", "(", ";jsessionid=${ y }", "Zx81kQ09mmT4vLw2PqR7", "")
	}
	for i := range 1 + r.IntN(1+r.IntN(30)) {
		path := ""
		for range 1 + r.IntN(3) {
			path += "/" + pick("items", "users", "reviews", "meta", "id", "a b", "login", "new") + pick("", "/"+id())
		}
		e := exchange{at: float64(i) + r.Float64(),
			method: pick("GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"),
			url: "https://" + pick("h.example.com", "h.example.com", "other.example.net") +
				strings.ReplaceAll(path, " ", "%20") + pick("",
				"?q="+pick("1", "x", "${ y }", "ü"), "?pwd=x&key=Zx81kQ09mm&sku=A-1;b", "?id=7&id=8&&=")}
		e.status = []int{200, 200, 201, 204, 302, 304, 404}[r.IntN(7)]
		if e.status == 302 {
			e.redirect = pick("/items/"+id(), "https://other.example.net/", "::", "")
		}
		if e.method != "GET" && e.method != "HEAD" {
			e.mime = pick("application/json", "application/x-www-form-urlencoded",
				"text/plain", "multipart/form-data", "application/vnd.x+json; charset=utf-8")
			e.body = pick(`{"query": "a(pwd: \"${ x }\", b: \"\\\"\")", "pin": 1e3, "creds": {"${": "x"}}`,
				`{"id": 7, "user_id": "`+id()+`", "é ü": [1, null, {"": 1e99}], "a: b": "\u2028 # x"}`,
				"a=b&a=c&=&id=7", "${ x }", `{"n": 1E400, "m": [12345678901234567890123]}`,
				"a%07b=1", strings.Repeat("k", 900)+"=1", "{\"pwd\":\n\"x\"}", "<a id=7/>", `"text"`, "[]")
		}
		e.answer = pick(`{"id": 7}`, `{"id": 42, "token": "Zx81kQ09mmT4vLw2PqR7"}`,
			`[{"id": 1}, {"id": 2, "x-y": "5f1e2d3c4b5a69788796a5b4"}]`,
			"", "no JSON", `{"data": {"uuid": "a1b2c3d4-0000-4000-8000-000000000001"}}`)
		e.headers = []string{pick("X-A", "X-CSRF-Token", "Authorization", "X b", "X-Requested-With"),
			pick("Bearer Zx81kQ09mmT4vLw2PqR7", "x", "a\nb", "")}
		e.kind = pick("", "text/html", "application/json", "image/png", "application/ocsp-response")
		e.resource = pick("", "", "", "fetch", "xhr", "document", "ping", "image")
		all = append(all, e)
	}
	return all
}

// ofOthers says whether a recorded request is by its kind never one that shows where the service is.
func (e exchange) ofOthers() bool {
	return e.kind == "application/ocsp-response" || e.resource == "ping" ||
		(e.method == "GET" || e.method == "HEAD") && (e.kind == "image/png" || e.resource == "image")
}

// usable says whether a load can be made of recorded requests. What writes and answers nothing may be a
// beacon: it shows the service only where there is no page, or one of the same host.
func usable(t *testing.T, all []exchange) bool {
	page := ""
	var answered, told []string
	for _, e := range all {
		if e.ofOthers() {
			continue
		}
		if page == "" && e.method == "GET" && (e.resource == "document" || e.resource == "" && e.kind == "text/html") {
			page = hostOf(t, e.url)
		}
		switch {
		case e.status >= 400:
		case e.kind == "image/png", e.resource == "image", e.method == "POST" && e.status == 204:
			told = append(told, hostOf(t, e.url))
		default:
			answered = append(answered, hostOf(t, e.url))
		}
	}
	return len(answered) > 0 || page == "" && len(told) > 0 || slices.Contains(told, page)
}

// brief is what of a recording tells where the service is.
func brief(all []exchange) string {
	text := ""
	for _, e := range all {
		text += fmt.Sprintf("%s %s %d %s %s %s\n", e.method, e.url, e.status, e.redirect, e.kind, e.resource)
	}
	return text
}

func hostOf(t *testing.T, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// Whatever was recorded, the file that comes of it is valid, with an address and without. Without one,
// nothing that a load can be made of is refused, and no host of beacons and files alone is the service.
func TestGeneratedRecordings(t *testing.T) {
	refused := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 18))
		var recordings []input.File
		var all []exchange
		for _, name := range []string{"one", "two"}[:1+r.IntN(2)] {
			one := generated(r)
			recordings = append(recordings, input.File{Name: name, Text: recording(t, one...)})
			all = append(all, one...)
		}
		var o draft.Options
		if seed%2 == 0 {
			last := exchange{at: 40, method: "GET", url: "https://h.example.com/last"}
			recordings = append(recordings, input.File{Name: "last", Text: recording(t, last)})
			o.URL = "https://h.example.com"
		}
		d, err := har.Draft(recordings, o)
		if err != nil {
			refused++
			if o.URL != "" || usable(t, all) {
				t.Errorf("seed %d: %v: it can be a load:\n%s", seed, err, brief(all))
			}
			continue
		}
		if o.URL == "" && !slices.ContainsFunc(all, func(e exchange) bool {
			return !e.ofOthers() && hostOf(t, e.url) == hostOf(t, d.URL)
		}) {
			t.Errorf("seed %d: %s is the service of\n%s", seed, d.URL, brief(all))
		}
		text, err := d.Encode()
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		if _, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{}); err != nil {
			t.Errorf("seed %d: %v in\n%s", seed, err, text)
		}
	}
	if refused == 0 {
		t.Error("none was refused: what a load cannot be made of was not drawn")
	}
}

// A method that may change something is a comment with its reason, and is not lost.
func TestRecordedOtherMethods(t *testing.T) {
	got := drafts(t, exchange{method: "GET", url: local + "/items", answer: `[]`},
		exchange{at: 1, method: "PURGE", url: local + "/items"})
	if !strings.Contains(got, "# look: PURGE may change what this group did not make\n      # - PURGE /items\n") {
		t.Errorf("the file is\n%s", got)
	}
}
