package scaffold_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// A value of a body or query that refers to what the group did not make makes a comment, whatever
// its name is: because an answer had it, or because its name is a word for things of the service.
func TestRecordedReferences(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	post := func(path, body string) exchange {
		kind := "application/json"
		if !strings.HasPrefix(body, "{") {
			kind = form
		}
		if !strings.HasPrefix(body, "{") && !strings.Contains(body, "=") {
			kind = "text/plain"
		}
		return exchange{at: 2, method: "POST", url: local + path, mime: kind, body: body}
	}
	lists := []exchange{
		{method: "GET", url: local + "/api/posts",
			answer: `[{"id": 5551}, {"id": 5552, "author": {"username": "bosse"}}]`},
		{at: 1, method: "GET", url: local + "/api/gizmos/81"},
	}
	for _, e := range []exchange{
		post("/api/likes", `{"post": 5551}`), post("/api/approve", `{"request": 5552}`),
		post("/api/votes", `{"post": 77}`), post("/api/follow", `{"user": "johnsmith"}`),
		post("/api/follow", `{"username": "johnsmith"}`), post("/api/likes", `{"posts": [5551, 5552]}`),
		post("/api/likes", `{"post": "77"}`), post("/api/likes", "post=5551"), post("/api/likes?post=5551", "x=2"),
		post("/api/likes?post=77", ""), post("/api/bookmarks", `{"gizmo": 9}`),
		post("/api/bookmarks", `{"gizmo": "ab"}`), post("/api/x", `["bosse"]`),
		post("/api/endorse", `{"zorble": 17}`), post("/api/picks", `{"zorbles": [17, 18]}`),
		post("/api/x", `{"anything": 5552}`), post("/api/x", `{"deep": [{"blog_post": 12}]}`),
		post("/api/x", `{"zorble": "a1b2c3d4-0000-4000-8000-000000000001"}`), post("/api/x", `{"order_number": "A17"}`),
		post("/api/x", `{"ticket": "INV-20417"}`), post("/api/x", `{"subject": 1, "about": "bosse"}`),
		post("/api/x", `{"title2": 5551}`),
		post("/api/gifts", `{"recipient": "lena"}`), post("/api/x", `{"votes": {"5551": true}}`),
		post("/api/x", `{"about": "/api/gizmos/17"}`), post("/api/x", `{"picks": "5551,5552"}`),
		post("/api/x", `{"lines": [{"product": "tea"}]}`), post("/api/x", `{"channel": "general"}`),
		post("/api/x", `{"created_by": 12}`), post("/api/x", `{"reply_to": 12}`), post("/api/x", "5551"),
		post("/api/x", "<like><post>77</post></like>"), post("/api/x", `{"inner": "{\"post\": 77}"}`),
		post("/api/x", `{"postRef": "abc"}`), post("/api/deltas", `{"sku": "SKU-889", "delta": 5}`),
		post("/api/x", `{"lines": [{"isbn": "9783161484100"}], "name": "x"}`), post("/api/x", `{"zorble": "ZRB-117"}`),
		post("/api/redemptions", `{"code": "GIFT-100"}`), post("/api/x", "barcode=tea&n=2"),
	} {
		text := drafts(t, append(lists[:2:2], e)...)
		if got := sent(t, text); len(got) != 2 || !strings.Contains(text, "this group did not make: ") {
			t.Errorf("%s %s: sent are %v in\n%s", e.url, e.body, got, text)
		}
	}
	for _, e := range []exchange{
		post("/api/things", `{"count": 5551, "amount": 77, "quantity": 3, "page": 2, "limit": 20, "score": 9}`),
		post("/api/things", `{"price": 1299, "age": 42, "rating": 5, "post_count": 12, "total_posts": 8}`),
		post("/api/things", `{"title": "posts", "comment": "fine", "stars": 4, "weight": 3.5, "temperature": -4}`),
		post("/api/things", `{"price_per_item": 12, "number_of_posts": 3, "year_built": 1990, "on": "2026-11-22"}`),
		post("/api/things", `{"location": "Berlin", "event": "click", "role": "admin", "device": "phone"}`),
		post("/api/tasks", `{"title": "x", "estimate": 3, "due_in_days": 5, "progress": 40, "battery": 88}`),
		post("/api/things", `{"url": "https://example.com/a/b", "website": "/pages/about", "n": 7}`),
		post("/api/things", `{"guests": 2, "nights": 7, "point": [3, 4], "remember": 1, "at": 1700000000}`),
		post("/api/posts", `{"post": "hello", "title": "x"}`), post("/api/votes", `{"vote": 3}`),
		post("/api/users", `{"username": "lena", "name": "Lena"}`), post("/api/things", "qty=2&size=40&text=hello"),
		post("/api/register", `{"user": "lena", "country": "DE"}`), post("/api/posts/search", `{"gizmo": "ab"}`),
		post("/api/things", `{"order": "asc", "post": {"title": "a"}, "sku": "AB-1", "color": "red"}`),
		post("/api/teas", `{"sku": "TEA-889", "name": "Tea", "price": 3}`), post("/api/x", `{"zorble": "SHA-256"}`),
		post("/api/codes", `{"code": "GIFT-100"}`),
		post("/api/teas", `{"model": "x200", "code": "DE", "tea_name": "Assam", "isbn": "9783161484100"}`),
		post("/api/join-us", `{"user": "lena", "password": "Blumen77"}`), post("/api/things", `{"post": "two words"}`),
	} {
		text := drafts(t, append(lists[:2:2], e)...)
		if got := sent(t, text); len(got) != 3 {
			t.Errorf("%s %s: sent are %v in\n%s", e.url, e.body, got, text)
		}
	}
	made := exchange{at: 1.5, method: "POST", url: local + "/api/posts", mime: "application/json",
		body: `{"title": "a"}`, status: 201, answer: `{"id": 5560}`}
	for body, want := range map[string]string{
		`{"post": 5560}`: "json: {post: '${ post }'}", `{"post": "5560"}`: "json: {post: '${ post }'}",
		"post=5560": "form: {post: '${ post }'}",
	} {
		text := drafts(t, append(lists[:2:2], made, post("/api/likes", body))...)
		if got := sent(t, text); len(got) != 4 || !strings.Contains(text, want) {
			t.Errorf("%s of what was made: sent are %v, want %s in\n%s", body, got, want, text)
		}
	}
}

// What reaches beyond the service is a comment, whosever the thing is that it acts on: what is sent to
// somebody, and an address that the service calls.
func TestOutreach(t *testing.T) {
	write := func(path, body string) exchange {
		return exchange{at: 2, method: "POST", url: local + path, mime: "application/json", body: body}
	}
	made := exchange{at: 1, method: "POST", url: local + "/threads", mime: "application/json",
		body: `{"title": "a"}`, status: 201, answer: `{"id": 5560}`}
	for _, test := range []struct {
		why   string
		tests []exchange
	}{
		{"it sends something to others: ", []exchange{
			write("/messages", `{"to": "alice", "text": "hi"}`), write("/messages?to=alice", `{"text": "hi"}`),
			write("/threads/5560/messages", `{"to": "Alice Smith"}`), write("/mails", `{"to": ["lena@example.com"]}`),
			write("/x", `{"cc": ["lena@example.com"]}`), write("/x", `{"message": "hi", "from": "bo", "to": 12}`),
			write("/x", `{"to": {"email": "lena@example.com"}}`), write("/sms", `{"phone": "+49 30 1234"}`),
			write("/shares", `{"email": "lena@example.com"}`), write("/x", `{"emails": ["lena@example.com"]}`),
			write("/x", `{"to_email": "lena@example.com"}`), write("/x", `{"recipients": ["Lena Smith"]}`),
		}},
		{"it makes the service call an address: ", []exchange{
			write("/webhooks", `{"url": "https://example.com/a"}`), write("/webhooks", `{"address": "example.com"}`),
			write("/threads/5560/hooks", `{"config": {"place": "https://example.com/a"}}`),
			write("/subscriptions", `{"topic": "a", "endpoint": "https://example.com/a"}`),
			write("/x", `{"callbackUrl": "https://example.com/a"}`),
			write("/x", `{"webhook": "https://example.com/a"}`),
			write("/imports", `{"url": "https://example.com/a"}`),
		}},
	} {
		for _, e := range test.tests {
			text := drafts(t, exchange{method: "GET", url: local + "/b"}, made, e)
			if got := sent(t, text); len(got) != 2 || !strings.Contains(text, test.why) {
				t.Errorf("%s %s: sent are %v in\n%s", e.url, e.body, got, text)
			}
		}
	}
	for _, e := range []exchange{
		write("/messages", `{"text": "hi"}`), write("/trips", `{"from": "Berlin", "to": "Hamburg"}`),
		write("/absences", `{"start": "2026-11-01", "to": "2026-11-05"}`),
		write("/contact", `{"email": "a@example.com"}`),
		write("/users", `{"email": "a@example.com", "phones": ["1"]}`), write("/campaigns", `{"name": "a"}`),
		write("/bookmarks", `{"url": "https://example.com/a"}`), write("/x", `{"redirect_url": "https://example.com"}`),
		write("/subscriptions", `{"topic": "a"}`), write("/x", `{"notify": true, "webhook": false}`),
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, made, e)
		if got := sent(t, text); len(got) != 3 {
			t.Errorf("%s %s: sent are %v in\n%s", e.url, e.body, got, text)
		}
	}
}

// A number is the id of what the group made only where its name is of the same kind: a comment on one
// request leaves those live that act on what others made anew, and order 12 is not note 12.
func TestNumbersOfTwoKinds(t *testing.T) {
	write := func(at float64, method, path, body string, status int, answer string) exchange {
		return exchange{at: at, method: method, url: local + path, mime: "application/json", body: body,
			status: status, answer: answer}
	}
	for _, test := range []struct {
		status int
		want   string
	}{
		{201, "GET /products, POST /notes, PUT /notes/{note_id}, POST /likes"},
		{200, "GET /products, POST /notes"}, // it may have answered with what was there
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/products", answer: `[{"id": 12}]`},
			write(1, "POST", "/orders", `{"product_id": 12, "quantity": 1}`, 201, `{"id": 31}`),
			write(2, "POST", "/notes", `{"text": "a"}`, test.status, `{"id": 12}`),
			write(3, "PUT", "/notes/12", `{"id": 12, "text": "b"}`, 200, `{}`),
			write(4, "POST", "/likes", `{"note_id": 12}`, 200, `{}`),
			write(5, "PUT", "/orders/12", `{"text": "b"}`, 200, `{}`),
			write(6, "POST", "/likes", `{"order_id": 12}`, 200, `{}`))
		if got := strings.Join(sent(t, text), ", "); got != test.want {
			t.Errorf("after status %d sent are\n%s\nwant\n%s\nin\n%s", test.status, got, test.want, text)
		}
	}
}

// The same of a description, whose values are drawn or examples.
func TestDescribedReferences(t *testing.T) {
	for _, test := range []struct {
		path, name, schema string
		sent               bool
	}{
		{"/approve", "request", `{"type": "integer"}`, false}, {"/votes", "post", `{"type": "integer"}`, false},
		{"/comments", "item", `{"type": "integer", "example": 17}`, false},
		{"/follow", "user", `{"type": "string"}`, false}, {"/follow", "username", `{"type": "string"}`, false},
		{"/votes", "zorble", `{"type": "integer"}`, false}, {"/votes", "gizmo", `{"type": "string"}`, false},
		{"/votes", "gizmos", `{"type": "array", "items": {"type": "integer"}}`, false},
		{"/votes", "zorble", `{"type": "integer", "maximum": 10}`, true},
		{"/votes", "vote", `{"type": "integer"}`, true},
		{"/votes", "quantity", `{"type": "integer", "example": 17}`, true},
		{"/votes", "price", `{"type": "number"}`, true},
		{"/votes", "stars", `{"type": "integer"}`, true}, {"/users", "username", `{"type": "string"}`, true},
		{"/votes", "size", `{"enum": [1, 2]}`, true},
		{"/votes", "nonce", `{"type": "string", "format": "uuid"}`, true},
		{"/votes", "item_count", `{"type": "integer"}`, true},
	} {
		d, err := fromOpenAPI([]byte(head+fmt.Sprintf(`"/b": {"get": {"responses": {}}}, "/gizmos/{id}": `+
			`{"delete": {"responses": {}}}, %q: {"post": {"requestBody": {"content": {"application/json": {"schema": `+
			`{"type": "object", "required": [%q], "properties": {%q: %s}}}}}, "responses": {}}}}}`,
			test.path, test.name, test.name, test.schema)), draft.Options{})
		text := encoded(t, d, err)
		if got := len(sent(t, text)) == 2; got != test.sent {
			t.Errorf("%s %s: sent is %v in\n%s", test.path, test.name, got, text)
		}
	}
	d, err := fromOpenAPI(described("POST /items title\nPOST /votes item\nPOST /approve item,request"), draft.Options{})
	text := encoded(t, d, err)
	if got := strings.Join(sent(t, text), ", "); got != "POST /items, POST /votes" ||
		!strings.Contains(text, "json: {item: '${ item_id }'}") {
		t.Errorf("of what was made sent are %s in\n%s", got, text)
	}
}

// What a verb acts on is its own group's where an id of its path or body says so.
func TestDeedsOnOwn(t *testing.T) {
	d, err := fromOpenAPI(described("POST /items title\nPOST /items/{id}/pay title\nPOST /approve item\n"+
		"POST /vote title"), draft.Options{})
	if got := strings.Join(sent(t, encoded(t, d, err)), ", "); got !=
		"POST /items, POST /approve, POST /items/{item_id}/pay" {
		t.Errorf("sent are %s", got)
	}
	text := drafts(t, exchange{method: "GET", url: local + "/b"}, exchange{at: 1, method: "POST", url: local + "/gate",
		mime: "application/json", body: `{"action": "reindex"}`}, exchange{at: 2, method: "POST", url: local + "/gates",
		mime: "application/json", body: `{"mode": "sync"}`}, exchange{at: 3, method: "POST", url: local + "/db/seed"})
	if got := strings.Join(sent(t, text), ", "); got != "GET /b, POST /gates" {
		t.Errorf("of a recording sent are %s in\n%s", got, text)
	}
}
