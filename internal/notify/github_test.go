package notify_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/notify"
)

const token = "ghs_wJalrXUtnFEMI"

// hub is as much of GitHub as a comment needs.
type hub struct {
	self     string       // login behind the token; empty: that of an app
	comments []apiComment // of the pull request
	before   func(w http.ResponseWriter, r *http.Request) (answered bool)
	log      []string
}

type apiComment struct {
	ID   int    `json:"id"`
	Body string `json:"body"`
	Page string `json:"html_url"`
	User struct {
		Login string `json:"login"`
		Type  string `json:"type"`
	} `json:"user"`
}

func (h *hub) add(login, kind, body string) {
	r := apiComment{ID: len(h.comments) + 1, Body: body}
	r.User.Login, r.User.Type = login, kind
	h.comments = append(h.comments, r)
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.log = append(h.log, r.Method+" "+r.URL.RequestURI())
	if h.before != nil && h.before(w, r) {
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	const list = "/repos/o/r/issues/7/comments"
	switch one, isOne := strings.CutPrefix(r.URL.Path, "/repos/o/r/issues/comments/"); {
	case r.URL.Path == "/user" && h.self == "":
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"message":"Resource not accessible by integration"}`))
	case r.URL.Path == "/user":
		_ = json.NewEncoder(w).Encode(map[string]string{"login": h.self, "type": "User"})
	case r.URL.Path == list && r.Method == http.MethodGet:
		h.page(w, r)
	case r.URL.Path == list && r.Method == http.MethodPost:
		h.add(cmp.Or(h.self, "actions[bot]"), map[bool]string{true: "Bot", false: "User"}[h.self == ""], bodyOf(r))
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(h.comments[len(h.comments)-1])
	case isOne && r.Method == http.MethodPatch:
		id, _ := strconv.Atoi(one)
		h.comments[id-1].Body = bodyOf(r)
		_ = json.NewEncoder(w).Encode(h.comments[id-1])
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (h *hub) page(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	n = max(n, 1)
	from, until := min((n-1)*100, len(h.comments)), min(n*100, len(h.comments))
	if until < len(h.comments) {
		w.Header().Set("Link",
			fmt.Sprintf(
				`<http://%s/a>; rel="prev", <http://%s%s?per_page=100&page=%d>; rel="next", <http://%s/z>; rel="last"`,
				r.Host, r.Host, r.URL.Path, n+1, r.Host))
	}
	_ = json.NewEncoder(w).Encode(slices.Concat([]apiComment{}, h.comments[from:until]))
}

func bodyOf(r *http.Request) string {
	var doc struct{ Body string }
	_ = json.NewDecoder(r.Body).Decode(&doc)
	return doc.Body
}

func (h *hub) serve(t *testing.T) notify.Pull {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return notify.Pull{API: s.URL, Repository: "o/r", Number: 7}
}

const mine = "old\n\n<!-- loadgate: x -->"

func TestComment(t *testing.T) {
	tests := []struct {
		name  string
		hub   hub
		fill  func(*hub)
		place int // of the comment that holds the text afterwards, from 1
	}{
		{"none before", hub{}, func(*hub) {}, 1},
		{"of the app", hub{}, func(h *hub) { h.add("p", "User", "hi"); h.add("actions[bot]", "Bot", mine) }, 2},
		{"of the app, on the third page", hub{}, func(h *hub) {
			for range 250 {
				h.add("p", "User", "hi")
			}
			h.add("actions[bot]", "Bot", mine+"\r\n")
			h.add("p", "User", "bye")
		}, 251},
		{"of a user", hub{self: "me"}, func(h *hub) { h.add("you", "User", mine); h.add("me", "User", mine) }, 2},
		{"of others only", hub{self: "me"}, func(h *hub) { h.add("you", "User", mine); h.add("b", "Bot", mine) }, 3},
		{"of people, with the app's token", hub{}, func(h *hub) { h.add("you", "User", mine) }, 2},
		{"of another gate", hub{}, func(h *hub) {
			h.add("b", "Bot", "<!-- loadgate: xy -->")
			h.add("b", "Bot", "<!-- loadgate: y -->")
		}, 3},
		{"quoted", hub{}, func(h *hub) { h.add("b", "Bot", mine+"\nis what I mean") }, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := test.hub
			test.fill(&h)
			before := slices.Clone(h.comments)
			on := h.serve(t)
			want := comment(t, "x", "new")
			placed, err := client(t).Comment(t.Context(), on, token, want)
			if err != nil {
				t.Fatal(err)
			}
			if placed.Updated != (test.place <= len(before)) {
				t.Errorf("updated = %v", placed.Updated)
			}
			for i, c := range h.comments {
				if i+1 == test.place && c.Body != want.Body {
					t.Errorf("comment %d is %q, want %q", i+1, c.Body, want.Body)
				}
				if i+1 != test.place && c.Body != before[i].Body {
					t.Errorf("comment %d was touched: %q", i+1, c.Body)
				}
			}
			// The next run finds it.
			count := len(h.comments)
			if again, err := client(t).Comment(t.Context(), on, token, comment(t, "x", "newer")); err != nil ||
				!again.Updated || len(h.comments) != count {
				t.Errorf("the next run: %+v, %v, %d comments", again, err, len(h.comments))
			}
		})
	}
}

func TestCommentErrors(t *testing.T) {
	always := func(code int, body string) func(w http.ResponseWriter, r *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	tests := []struct {
		name     string
		before   func(w http.ResponseWriter, r *http.Request) bool
		status   int
		requests int
		want     string
	}{
		{"forbidden", always(403, `{"message":"Resource not accessible by integration"}`),
			403, 1, "403 Forbidden: Resource not accessible by integration"},
		{"echoing", always(401, `{"message":"Bad credentials `+token+`\u001b[31m"}`),
			401, 1, "401 Unauthorized: Bad credentials ***\uFFFD[31m"},
		{"not found", always(404, `<html>`), 404, 1, "404 Not Found"},
		{"broken", always(500, token), 500, 4, "500 Internal Server Error (tried 4 times)"},
		{"no JSON", always(200, `[{"id":`+token), 0, 1, "its answer is not what GitHub's API says"},
		{"no list", always(200, `{"id":"`+token+`"}`), 0, 1, "its answer is not what GitHub's API says"},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "http://other.example.org/"+token, http.StatusMovedPermanently)
			return true
		}, 301, 1, "it redirects"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := hub{before: test.before}
			_, err := client(t).Comment(t.Context(), h.serve(t), token, comment(t, "x", "new"))
			var refused *notify.Error
			if !errors.As(err, &refused) || refused.Status != test.status || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Comment() = %v, want status %d and %q", err, test.status, test.want)
			}
			silent(t, fmt.Sprintf("%v %+v %#v", err, refused, refused), token)
			if len(h.log) != test.requests {
				t.Errorf("requests %q, want %d", h.log, test.requests)
			}
		})
	}
}

// A comment whose answer was lost is found at the next attempt, and not
// written twice.
func TestCommentLostAnswer(t *testing.T) {
	var h hub
	lost := false
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || lost {
			return false
		}
		lost = true
		h.add("actions[bot]", "Bot", bodyOf(r))
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	placed, err := client(t).Comment(t.Context(), h.serve(t), token, comment(t, "x", "new"))
	if err != nil || !placed.Updated || len(h.comments) != 1 {
		t.Errorf("Comment() = %+v, %v with %d comments, want one", placed, err, len(h.comments))
	}
}

// A next page on another host would be given the token.
func TestCommentForeignPage(t *testing.T) {
	foreign, count := server(t, status(200, "[]"))
	var h hub
	h.before = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Link", `<`+foreign+`/repos/o/r/issues/7/comments?page=2>; rel="next"`)
		return false
	}
	if _, err := client(t).Comment(t.Context(), h.serve(t), token, comment(t, "x", "new")); err != nil {
		t.Fatal(err)
	}
	if count.Load() != 0 {
		t.Error("the token went to another host")
	}
}
