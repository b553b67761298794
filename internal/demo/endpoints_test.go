package demo_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/loadgate/loadgate/internal/demo"
)

const session = `{"tutor_id":7,"student_id":500,"subject":"Math","scheduled_start":"2026-11-24T10:00:00.5+01:00",` +
	`"duration_minutes":60,"session_type":"one-on-one"}`

const word = `{"rating":3,"tutor_knowledge":4,"communication":5,"helpfulness":3,"would_recommend":true,` +
	`"comments":"Great session, learned a lot"}`

// tutorMax is the load test of the service's makers: every request of every
// group, at the ends of the ids that it draws.
var tutorMax = []struct {
	request, body string
	auth          bool
	status        int
	has           string // member of the answer
}{
	{"POST /api/auth/login", `{"username":"ops_manager@tutormax.example","password":"demo"}`,
		false, 200, "access_token"},
	{"GET /api/dashboard/metrics", "", true, 200, "total_sessions"},
	{"GET /api/performance/analytics", "", true, 200, "top_tutors"},
	{"GET /api/alerts?status=active", "", true, 200, "alerts"},
	{"GET /api/interventions?status=pending", "", true, 200, "interventions"},
	{"POST /api/sessions", session, false, 201, "id"},
	{"PATCH /api/sessions/4001", `{"actual_start":"2026-11-24T10:00:00Z"}`, false, 200, "actual_start"},
	{"GET /api/tutors", "", false, 200, "tutors"},
	{"GET /api/tutors?include_metrics=true", "", false, 200, "tutors"},
	{"GET /api/tutors/1", "", false, 200, "metrics"},
	{"GET /api/tutors/100", "", false, 200, "open_interventions"},
	{"GET /api/tutors/100/sessions?limit=50", "", false, 200, "sessions"},
	{"GET /api/tutors/1/recommendations", "", false, 200, "recommendations"},
	{"GET /api/interventions?status=pending&sort=priority", "", false, 200, "interventions"},
	{"GET /api/interventions/100", "", false, 200, "priority"},
	{"POST /api/interventions/1/assign", `{"assigned_to":"ops_manager_3@tutormax.example","priority":"high"}`,
		false, 200, "assigned_to"},
	{"POST /api/interventions/100/outcome",
		`{"status":"completed","outcome":"improved","notes":"Intervention completed successfully"}`,
		false, 200, "outcome"},
	{"GET /api/admin/users?page=1&limit=50", "", false, 200, "users"},
	{"GET /api/admin/users?search=john", "", false, 200, "users"},
	{"GET /api/admin/users/200", "", false, 200, "roles"},
	{"PATCH /api/admin/users/200/roles", `{"roles":["tutor"]}`, false, 200, "roles"},
	{"POST /api/feedback/feedback_token_1000", word, false, 201, "id"},
	{"GET /health", "", false, 200, "status"},
}

func TestTutorMaxLoad(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{Seed: 1})
	for _, tt := range tutorMax {
		t.Run(tt.request, func(t *testing.T) {
			var headers []string
			if tt.auth {
				headers = []string{s.bearer()}
			}
			got := s.send(tt.request, tt.body, headers...)
			if got.status != tt.status {
				t.Fatalf("%s = %d %s, want %d", tt.request, got.status, got.body, tt.status)
			}
			if got.member(t, tt.has) == nil {
				t.Errorf("%s = %.300s, want a member %q", tt.request, got.body, tt.has)
			}
		})
	}
}

func TestAnswersHoldData(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	for _, tt := range []struct {
		request, member string
		rows            int
	}{
		{"GET /api/alerts?status=active", "alerts", 50},
		{"GET /api/interventions?status=pending&sort=priority", "interventions", 25},
		{"GET /api/tutors?include_metrics=true", "tutors", 50},
		{"GET /api/tutors?limit=100&offset=50", "tutors", 70},
		{"GET /api/tutors/42/sessions?limit=5", "sessions", 5},
		{"GET /api/admin/users?page=5&limit=50", "users", 40},
		{"GET /api/admin/users?search=no+such+user", "users", 0},
		{"GET /api/performance/analytics", "subjects", 5},
	} {
		rows, ok := s.send(tt.request, "", s.bearer()).member(t, tt.member).([]any)
		if !ok || len(rows) != tt.rows {
			t.Errorf("%s has %d rows of %s, want %d", tt.request, len(rows), tt.member, tt.rows)
		}
	}
	for _, term := range []string{"john", "smith", "tutor", "admin"} {
		if rows, _ := s.send("GET /api/admin/users?search="+term, "").member(t, "users").([]any); len(rows) == 0 {
			t.Errorf("search %q finds nobody", term)
		}
	}
}

func TestWritesAreRead(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	id := s.send("POST /api/sessions", session).member(t, "id").(float64)
	changed := s.send(fmt.Sprintf("PATCH /api/sessions/%.0f", id), `{"actual_start":"2026-11-24T10:03:00Z"}`)
	if got := changed.member(t, "status"); got != "in_progress" {
		t.Errorf("status of a session that began = %v, want in_progress", got)
	}
	if got := changed.member(t, "scheduled_start"); got != "2026-11-24T09:00:00Z" {
		t.Errorf("scheduled_start = %v, want it in UTC", got)
	}
	if latest := s.send("GET /api/tutors/7/sessions?limit=1", "").body; !strings.Contains(latest,
		fmt.Sprintf(`"id":%.0f,`, id)) {
		t.Errorf("latest session of the tutor = %s, want the created one, %.0f", latest, id)
	}
	s.send("POST /api/interventions/9/assign", `{"assigned_to":"a@tutormax.example"}`)
	s.send("POST /api/interventions/9/outcome", `{"status":"completed","outcome":"declined"}`)
	ended := s.send("GET /api/interventions/9", "")
	for name, want := range map[string]any{"assigned_to": "a@tutormax.example",
		"status": "completed", "outcome": "declined"} {
		if got := ended.member(t, name); got != want {
			t.Errorf("%s of the intervention = %v, want %v", name, got, want)
		}
	}
	s.send("PATCH /api/admin/users/50/roles", `{"roles":["admin","viewer"]}`)
	if got := fmt.Sprint(s.send("GET /api/admin/users/50", "").member(t, "roles")); got != "[admin viewer]" {
		t.Errorf("roles = %s, want [admin viewer]", got)
	}
	first := s.send("POST /api/feedback/feedback_token_1234", word).member(t, "id")
	again := s.send("POST /api/feedback/feedback_token_1234", strings.Replace(word, `"rating":3`, `"rating":5`, 1))
	if again.status != 201 || again.member(t, "id") != first || again.member(t, "rating") != 5.0 {
		t.Errorf("feedback again = %d %s, want the first one's id %v and rating 5", again.status, again.body, first)
	}
}

func TestBatchOfSessions(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	batch := func(n int, one string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + "]"
	}
	named := strings.Replace(session, `"tutor_id":7,"student_id":500`, `"tutor_id":"T000042","student_id":"S000007"`, 1)
	got := s.send("POST /api/sessions", batch(20, named))
	if ids, _ := got.member(t, "ids").([]any); got.status != 201 || len(ids) != 20 || ids[0] == ids[19] {
		t.Errorf("batch of 20 = %d %s, want 201 and 20 ids", got.status, got.body)
	}
	for name, body := range map[string]string{"none": "[]", "101": batch(101, session)} {
		if got := s.send("POST /api/sessions", body); got.status != 422 {
			t.Errorf("batch of %s = %d, want 422", name, got.status)
		}
	}
	unknown := strings.Replace(session, `"tutor_id":7`, `"tutor_id":7000`, 1)
	before := s.send("GET /api/tutors/7", "").body
	if got := s.send("POST /api/sessions", "["+session+","+unknown+"]"); got.status != 404 {
		t.Errorf("batch with an unknown tutor = %d %s, want 404", got.status, got.body)
	}
	if after := s.send("GET /api/tutors/7", "").body; after != before {
		t.Errorf("tutor after a refused batch = %s, want %s: nothing of it is kept", after, before)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	form := url.Values{"username": {"ops_manager@tutormax.example"},
		"password": {"demo"}, "grant_type": {"password"}}.Encode()
	const asForm = "Content-Type: application/x-www-form-urlencoded"
	first, second := s.send("POST /api/auth/login", form, asForm), s.send("POST /api/auth/login", form, asForm)
	if first.status != 200 || first.member(t, "token_type") != "bearer" {
		t.Errorf("login by form = %d %s, want 200 and a bearer token", first.status, first.body)
	}
	if first.body == second.body {
		t.Error("two logins answer the same token, want one each")
	}
	for name, body := range map[string]string{
		"wrong password": `{"username":"ops_manager@tutormax.example","password":"Demo"}`,
		"unknown user":   `{"username":"nobody@tutormax.example","password":"demo"}`,
	} {
		if got := s.send("POST /api/auth/login", body); got.status != 401 {
			t.Errorf("login with %s = %d %s, want 401", name, got.status, got.body)
		}
	}
}

func TestWhoNeedsAToken(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	forged := s.bearer() + "0"
	for _, tt := range []struct {
		path                string
		none, wrong, shaped int
	}{
		{"/api/dashboard/metrics", 401, 401, 401},
		{"/api/performance/analytics", 401, 401, 401},
		{"/api/alerts?status=active", 401, 401, 401},
		{"/api/interventions?status=pending", 200, 401, 401},
		{"/api/tutors", 200, 200, 200},
	} {
		none, wrong, shaped := s.send("GET "+tt.path, ""), s.send("GET "+tt.path, "", forged),
			s.send("GET "+tt.path, "", "Authorization: Basic eDp5")
		if none.status != tt.none || wrong.status != tt.wrong || shaped.status != tt.shaped {
			t.Errorf("GET %s without, with a wrong token, with another scheme = %d, %d, %d, want %d, %d, %d",
				tt.path, none.status, wrong.status, shaped.status, tt.none, tt.wrong, tt.shaped)
		}
		if none.status == 401 && none.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("GET %s: WWW-Authenticate = %q, want Bearer", tt.path, none.header.Get("WWW-Authenticate"))
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	for _, tt := range []struct {
		name, request, body string
		status              int
		says                string // part of the body, or the header named by header
		header              string
	}{
		{"slash too many", "GET /api/tutors/?limit=5", "", 307, s.URL() + "/api/tutors?limit=5", "Location"},
		{"slash too many in a post", "POST /api/sessions/", session, 307, s.URL() + "/api/sessions", "Location"},
		{"no such path", "GET /api/nothing", "", 404, `{"detail":"Not Found"}`, ""},
		{"no such path with a slash", "GET /api/nothing/", "", 404, `{"detail":"Not Found"}`, ""},
		{"no such tutor", "GET /api/tutors/9999", "", 404, `{"detail":"Tutor not found"}`, ""},
		{"no such user", "PATCH /api/admin/users/9999/roles", `{"roles":["tutor"]}`, 404, "User not found", ""},
		{"no such session", "PATCH /api/sessions/99999999", `{}`, 404, "Session not found", ""},
		{"another method", "DELETE /api/sessions/1", "", 405, `{"detail":"Method Not Allowed"}`, ""},
		{"methods that are allowed", "PUT /api/sessions", "", 405, "POST", "Allow"},
		{"id of letters", "GET /api/tutors/x", "", 422, `["path","tutor_id"]`, ""},
		{"limit of letters", "GET /api/tutors/1/sessions?limit=many", "", 422, `["query","limit"]`, ""},
		{"status unknown", "GET /api/interventions?status=done", "", 422, `["query","status"]`, ""},
		{"no body", "POST /api/sessions", "", 422, `["body"]`, ""},
		{"broken body", "POST /api/sessions", `{"tutor_id":`, 422, "JSON decode error", ""},
		{"two bodies", "POST /api/sessions", session + session, 422, "JSON decode error", ""},
		{"field missing", "POST /api/sessions", strings.Replace(session, `"subject":"Math",`, "", 1),
			422, `"loc":["body","subject"],"msg":"Field required"`, ""},
		{"field unknown value", "POST /api/sessions", strings.Replace(session, "Math", "Maths", 1),
			422, `["body","subject"]`, ""},
		{"date not a date", "POST /api/sessions", strings.Replace(session, "2026-11-24T", "tomorrow ", 1),
			422, `["body","scheduled_start"]`, ""},
		{"field of the wrong type", "POST /api/sessions",
			strings.Replace(session, `"duration_minutes":60`, `"duration_minutes":[60]`, 1),
			422, `["body","duration_minutes"]`, ""},
		{"field in a batch", "POST /api/sessions", "[" + session +
			"," + strings.Replace(session, "Math", "Maths", 1) + "]", 422, `["body",1,"subject"]`, ""},
		{"not an e-mail", "POST /api/interventions/1/assign", `{"assigned_to":"nobody"}`,
			422, `["body","assigned_to"]`, ""},
		{"rating too high", "POST /api/feedback/feedback_token_1",
			strings.Replace(word, `"rating":3`, `"rating":6`, 1), 422, `["body","rating"]`, ""},
		{"not a boolean", "POST /api/feedback/feedback_token_1",
			strings.Replace(word, "true", `"maybe"`, 1), 422, `["body","would_recommend"]`, ""},
		{"role unknown", "PATCH /api/admin/users/1/roles", `{"roles":["tutor","king"]}`, 422, `["body","roles",1]`, ""},
		{"too large", "POST /api/sessions", `{"tutor_id":"` + strings.Repeat("1", 1<<20) + `"}`,
			413, "larger than 1 MiB", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := s.send(tt.request, tt.body)
			where := got.body
			if tt.header != "" {
				where = got.header.Get(tt.header)
			}
			if got.status != tt.status || !strings.Contains(where, tt.says) {
				t.Errorf("%s = %d %.300s, want %d with %s", tt.request, got.status, where, tt.status, tt.says)
			}
			if got.body != "" && !json.Valid([]byte(got.body)) {
				t.Errorf("body %.300s is not JSON", got.body)
			}
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := onLoopback(t, demo.Options{})
	bearer := s.bearer()
	var users sync.WaitGroup
	for range 8 {
		users.Go(func() {
			for _, tt := range tutorMax {
				if got, err := s.try(tt.request, tt.body, bearer); err != nil ||
					got.status != tt.status && !strings.HasPrefix(tt.request, "PATCH /api/sessions") {
					t.Errorf("%s among others = %d %s (%v), want %d", tt.request, got.status, got.body, err, tt.status)
				}
			}
		})
	}
	users.Wait()
	// 8 sessions of tutor 7, and no number twice.
	got := s.send("POST /api/sessions", session)
	if id := got.member(t, "id"); id != 4009.0 {
		t.Errorf("id of the ninth session = %v, want 4009: seeded 4000, then 8", id)
	}
}
