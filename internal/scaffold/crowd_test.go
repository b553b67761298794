package scaffold_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	recorded "github.com/loadgate/loadgate/internal/scaffold/recording"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const crowdHost = "http://localhost:8000"

// passed is a request that passed through a recorder.
type passed struct {
	client int64
	at     time.Duration
	what   string // method and path
	body   string
	answer string
	header string // Authorization
	agent  string
}

func (p passed) exchange() recorded.Exchange {
	method, path, _ := strings.Cut(p.what, " ")
	x := recorded.Exchange{Begun: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).Add(p.at), Took: 100 * time.Millisecond,
		Connection: p.client, Request: recorded.Request{Method: method, URL: crowdHost + path},
		Answer: recorded.Answer{Status: 200, Type: "application/json", Text: p.answer}}
	if p.body != "" {
		x.Request.Body = &recorded.Body{MimeType: "application/json", Text: p.body}
	}
	for name, value := range map[string]string{"Authorization": p.header, "User-Agent": p.agent} {
		if value != "" {
			x.Request.Headers = append(x.Request.Headers, recorded.NameValue{Name: name, Value: value})
		}
	}
	return x
}

func crowd(t testing.TB, kinds map[string][]passed) string {
	t.Helper()
	var all []recorded.Recording
	for _, name := range []string{"recorded", "admin", "reader"} {
		if kinds[name] == nil {
			continue
		}
		one := recorded.Recording{Name: name}
		for _, p := range kinds[name] {
			one.Exchanges = append(one.Exchanges, p.exchange())
		}
		all = append(all, one)
	}
	d, err := recorded.Draft(recorded.Source{Origin: "a test", Kind: "recording", Maker: "loadgate record"}, all,
		draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// walk is what one client asks for, a second apart.
func walk(client int64, begin time.Duration, what ...string) (all []passed) {
	for i, w := range what {
		all = append(all, passed{client: client, at: begin + time.Duration(i)*time.Second, what: w, answer: "{}"})
	}
	return all
}

func together(walks ...[]passed) (all []passed) {
	for _, w := range walks {
		all = append(all, w...)
	}
	return all
}

// usersOf is the part of a draft that has the users.
func usersPart(text string) string {
	_, text, _ = strings.Cut(text, "\nusers:\n")
	text, _, _ = strings.Cut(text, "\nthresholds:")
	return strings.TrimSpace(text)
}

// What becomes of several users.
func TestCrowds(t *testing.T) {
	for _, tt := range []struct {
		name string
		all  []passed
		want string
	}{
		{"one turn again and again", walk(1, 0, "GET /a", "GET /b", "GET /a", "GET /b", "GET /a"), `
recorded:
    wait: 900ms
    steps:
      - GET /a
      - GET /b`},
		{"the same way once", together(walk(1, 0, "GET /a", "GET /b", "GET /c"),
			walk(2, 500*time.Millisecond, "GET /a", "GET /b")), `
recorded:
    wait: 900ms
    steps:
      - GET /a
      - GET /b
      - GET /c`},
		{"what each sends once comes first", walk(1, 0, "GET /me", "GET /a", "GET /b", "GET /a", "GET /b"), `
recorded:
    wait: 900ms
    start:
      - GET /me
    steps:
      - GET /a
      - GET /b`},
		{"connections after each other are one user", together(walk(1, 0, "GET /a"), walk(2, time.Second, "GET /b"),
			walk(3, 3*time.Second, "GET /c")), `
recorded:
    wait: 900ms..1.9s
    steps:
      - GET /a
      - GET /b
      - GET /c`},
		{"ids that differ are drawn", walk(1, 0, "GET /a/1", "GET /a/2", "GET /a/3"), `
recorded:
    wait: 900ms
    steps:
      # look: one of the 3 ids that were recorded is drawn: are they there?
      - request: 'GET /a/${ pick("1", "2", "3") }'
        name: 'GET /a/{id}'`},
		{"queries that differ much are drawn",
			walk(1, 0, "GET /a?q=x", "GET /a?q=y", "GET /a?q=z", "GET /a?q=u", "GET /a?q=v"), `
recorded:
    wait: 900ms
    steps:
      # look: one of the 5 values that were recorded is drawn: are they there?
      - request: 'GET /a?q=${ pick("x", "y", "z", "u", "v") }'
        name: 'GET /a?q={}'`},
		{"random order has weights, and what all send first is sent once", together(
			walk(1, 0, "GET /me", "GET /a", "GET /a", "GET /b", "GET /a"),
			walk(2, 100*time.Millisecond, "GET /me", "GET /b", "GET /a", "GET /a", "GET /a"),
			walk(3, 200*time.Millisecond, "GET /me", "GET /a", "GET /b", "GET /b", "GET /a")), `
# look: its requests come in random order, as often as 3 recorded users sent them: is there an order that users keep?
  recorded:
    wait: 900ms
    order: weighted
    start:
      - GET /me
    steps:
      - {request: GET /a, weight: 8}
      - {request: GET /b, weight: 4}`},
		{"each request has a connection of its own", together(walk(1, 0, "GET /a"),
			walk(2, 10*time.Millisecond, "GET /b"), walk(3, 20*time.Millisecond, "GET /a")), `
# look: think times are not known: several users had a connection for each request
  # look: its requests come in random order, as often as 3 recorded users sent them: is there an order that users keep?
  recorded:
    wait: 1s..5s
    order: weighted
    steps:
      - {request: GET /a, weight: 2}
      - {request: GET /b, weight: 1}`},
	} {
		if got := usersPart(crowd(t, map[string][]passed{"recorded": tt.all})); got != strings.TrimSpace(tt.want) {
			t.Errorf("%s (-want +got):\n%s", tt.name, cmp.Diff(strings.TrimSpace(tt.want), got))
		}
	}
}

// A browser is one user, whatever its connections are.
func TestBrowserIsOneUser(t *testing.T) {
	all := together(walk(1, 0, "GET /a"), walk(2, 10*time.Millisecond, "GET /b"),
		walk(3, 20*time.Millisecond, "GET /c"))
	for i := range all {
		all[i].agent = "Mozilla/5.0 (X11; Linux x86_64)"
	}
	if got := usersPart(crowd(t, map[string][]passed{"recorded": all})); strings.Contains(got, "weighted") {
		t.Errorf("got:\n%s", got)
	}
}

// What a user makes is found by the id of its own answer, and waits for it where the order is random. The login of
// each is a start step, and neither its password nor a token of anybody is in the file.
func TestCrowdCaptures(t *testing.T) {
	var all []passed
	for u := range int64(3) {
		id := func(n int) string { return strconv.Itoa(1000*int(u+1) + n) }
		token := fmt.Sprintf("tok%dEn9f8e7d6c5b4a3f2e1", u)
		begin := time.Duration(u) * 100 * time.Millisecond
		add := func(p passed) {
			p.client, p.at = u+1, begin
			if p.header == "" && !strings.Contains(p.what, "login") {
				p.header = "Bearer " + token
			}
			begin += time.Second
			all = append(all, p)
		}
		add(passed{what: "POST /login", body: `{"username":"ann","password":"hunter2"}`,
			answer: `{"access_token":"` + token + `"}`})
		for n := range 3 + int(u) {
			add(passed{what: "POST /notes", body: `{"text":"hello"}`, answer: `{"id":` + id(n) + `}`})
			add(passed{what: "GET /notes/" + id(n), answer: "{}"})
			if n%2 == int(u)%2 {
				add(passed{what: "GET /news", answer: "[]"})
			}
		}
	}
	got := crowd(t, map[string][]passed{"recorded": all})
	for _, want := range []string{"start:\n      # look: set LOADGATE_PASSWORD", "Bearer ${ access_token }",
		"request: POST /notes\n        weight: 12",
		"request: 'GET /notes/${ note_id }'\n        weight: 12\n        when: 'note_id != nil'",
		"order: weighted", "drafted: true"} {
		if !strings.Contains(got, want) {
			t.Errorf("the draft lacks %q:\n%s", want, got)
		}
	}
	if m := regexp.MustCompile(`hunter2|tok\dEn`).FindString(got); m != "" {
		t.Errorf("the draft has %q:\n%s", m, got)
	}
}

// Secrets that differ from user to user are not drawn from, in whatever place they are.
func TestCrowdDrawsNoSecrets(t *testing.T) {
	const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	source := rand.New(rand.NewPCG(1, 2))
	secret := func() string {
		var b strings.Builder
		for range 40 {
			b.WriteByte(letters[source.IntN(len(letters))])
		}
		return b.String()
	}
	var all []passed
	var secrets []string
	for n := range 12 {
		s := []string{secret(), secret(), secret(), "ann" + strconv.Itoa(n) + "@example.com"}
		secrets = append(secrets, s...)
		all = append(all, walk(1, time.Duration(4*n)*time.Second, "GET /reset/"+s[0], "GET /a?token="+s[1],
			"GET /b?api_key="+s[2]+"&page="+strconv.Itoa(n), "GET /users/"+s[3])...)
	}
	got := crowd(t, map[string][]passed{"recorded": all})
	for i, s := range secrets {
		if strings.Contains(got, s) && i != 3 { // the first address is there, with a question, as init has it
			t.Errorf("the draft has %q:\n%s", s, got)
		}
	}
}

// Of very many different requests those are drafted that were sent most often, and of a very long way its beginning.
func TestCrowdsAreBounded(t *testing.T) {
	word := func(n int) string { return string([]byte{byte('a' + n/676), byte('a' + n/26%26), byte('a' + n%26)}) }
	var way []string
	for n := range 1200 {
		way = append(way, "GET /w/"+word(n))
	}
	got := crowd(t, map[string][]passed{"recorded": walk(1, 0, way...)})
	if !strings.Contains(got, "left out: 700 requests after the first 500") || strings.Count(got, "- GET /w/") != 500 {
		t.Errorf("%d requests of a long way", strings.Count(got, "- GET /w/"))
	}
	got = crowd(t, map[string][]passed{"recorded": together(walk(1, 0, append(way, "GET /often", "GET /often")...),
		walk(2, 500*time.Millisecond, "GET /often", "GET /w/abc"))})
	if !strings.Contains(got, "left out: 1,001 requests that were sent less often than the other 200") ||
		!strings.Contains(got, "{request: GET /often, weight: 3}") || strings.Count(got, "request: GET /w/") != 199 {
		t.Errorf("%d requests of many:\n%.1000s", strings.Count(got, "request: GET /w/"), usersPart(got))
	}
}

// Whatever passes is a draft that can be read back, or one line that says why not.
func TestWhateverPasses(t *testing.T) {
	text := rapid.StringMatching(`[a-zA-Z0-9/?&=%#{}$"'<>: \x00-\x1f\p{L}._-]{0,20}`)
	rapid.Check(t, func(rt *rapid.T) {
		all := recorded.Recording{Name: text.Draw(rt, "name")}
		for range rapid.IntRange(0, 12).Draw(rt, "requests") {
			p := passed{client: rapid.Int64Range(1, 3).Draw(rt, "client"), body: text.Draw(rt, "body"),
				at:     time.Duration(rapid.IntRange(0, 5000).Draw(rt, "at")) * time.Millisecond,
				what:   rapid.SampledFrom(draft.Methods).Draw(rt, "method") + " /" + text.Draw(rt, "path"),
				answer: rapid.SampledFrom([]string{"{}", `{"id":7}`, `[{"id":"x1"}]`, "", "x"}).Draw(rt, "answer"),
				header: text.Draw(rt, "header"), agent: text.Draw(rt, "agent")}
			x := p.exchange()
			x.Answer.Status = rapid.SampledFrom([]int{0, 200, 201, 204, 302, 404, 500}).Draw(rt, "status")
			all.Exchanges = append(all.Exchanges, x)
		}
		d, err := recorded.Draft(recorded.Source{Origin: "a test", Kind: "recording"}, []recorded.Recording{all},
			draft.Options{})
		if err == nil {
			_, err = d.Encode() // which reads it back
			if err != nil {
				rt.Fatalf("the draft cannot be read: %v", err)
			}
			return
		}
		if line := err.Error(); line == "" || strings.Contains(line, "cannot be read back") {
			rt.Fatalf("%q", line)
		}
	})
}

// Kinds that have a name are groups, weighted so that a run sends as much of each.
func TestKindsOfUsers(t *testing.T) {
	slow := together(walk(1, 0, "GET /a", "GET /a", "GET /a", "GET /a"))
	quick := walk(2, 0, "GET /b", "GET /b", "GET /b", "GET /b", "GET /b", "GET /b")
	for i := range quick {
		quick[i].at /= 2
	}
	got := usersPart(crowd(t, map[string][]passed{"admin": slow, "reader": quick}))
	// 4 requests of a user for 1 s each, 6 for half a second: 4 of 7 users.
	for _, want := range []string{"admin:\n    weight: 57.1\n", "reader:\n    weight: 42.9\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

// Whatever a crowd sends, the weights of a draft are how often each request was sent, or its order is one that
// every user kept.
func TestCrowdKeepsProportions(t *testing.T) {
	weights := regexp.MustCompile(`request: GET (/\w)\b.*?weight: (\d+)`)
	rapid.Check(t, func(rt *rapid.T) {
		sent := map[string]int{}
		var all []passed
		for u := range rapid.IntRange(1, 5).Draw(rt, "users") {
			ways := rapid.SliceOfN(rapid.SampledFrom([]string{"/a", "/b", "/c"}), 1, 30).Draw(rt, "ways")
			for i, w := range ways {
				sent[w]++
				at := time.Duration(u)*time.Millisecond + time.Duration(i)*time.Second
				all = append(all, walk(int64(u+1), at, "GET "+w)...)
			}
		}
		got := usersPart(crowd(t, map[string][]passed{"recorded": all}))
		if !strings.Contains(got, "order: weighted") {
			return
		}
		drafted := map[string]int{}
		for _, m := range weights.FindAllStringSubmatch(got, -1) {
			drafted[m[1]], _ = strconv.Atoi(m[2])
		}
		for _, w := range regexp.MustCompile(`(?m)^      - GET (/\w)$`).FindAllStringSubmatch(got, -1) { // start
			delete(sent, w[1])
		}
		if diff := cmp.Diff(sent, drafted); diff != "" {
			rt.Errorf("sent and drafted (-sent +drafted):\n%s\n%s", diff, got)
		}
	})
}

// Each group of a draft has a user, however rarely its kind was recorded.
func TestRareKinds(t *testing.T) {
	var many []string
	for range 150 {
		many = append(many, "GET /a", "GET /b")
	}
	text := crowd(t, map[string][]passed{"recorded": walk(1, 0, many...), "admin": walk(2, 0, "GET /c"),
		"reader": walk(3, 0, "GET /d")})
	c, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.New(c, plan.Options{Seed: 7}); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
}
