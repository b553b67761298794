package thresholds_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// authorizations lists the Authorization headers of all steps, as they are
// when the token is t and the row ada's; "" where a step has none.
func authorizations(t *testing.T, s *config.Config) []string {
	t.Helper()
	env := expr.NewEnv(rand.New(rand.NewPCG(1, 1)), time.Now, 7, 10)
	env.Set("token", "t")
	env.Set("accounts", map[string]any{"name": "ada", "word": "p:w"})
	var all []string
	for _, step := range append(s.Groups[0].Start, s.Groups[0].Steps...) {
		found := ""
		for _, h := range step.Headers {
			if !strings.EqualFold(h.Name, "Authorization") {
				continue
			}
			text, err := h.Value.Append(nil, env)
			if err != nil || found != "" {
				t.Fatalf("Authorization = %q and %q, %v", found, text, err)
			}
			found = string(text)
		}
		all = append(all, found)
	}
	return all
}

// The nearest of auth and headers wins; a login goes without the token that it
// captures; none takes what a wider place says away.
func TestAuth(t *testing.T) {
	const file = `version: 1
target: {url: http://localhost%s}
data: {accounts: {file: accounts.csv}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users:
  g:
    wait: 1s
    %s
    start: [{request: POST /login, capture: {token: body.token}}]
    steps:
      - GET /a
      - {request: GET /b, %s}
thresholds: {all: {endpoints: "*", success: 99%%}}
`
	for _, c := range []struct {
		name, target, group, step string
		want                      []string
	}{
		{"basic of the target", ", auth: {basic: {username: ada, password: 'p:w'}}", "", "times: 1",
			[]string{"Basic YWRhOnA6dw==", "Basic YWRhOnA6dw==", "Basic YWRhOnA6dw=="}},
		{"bearer of the group", "", "auth: {bearer: '${ token }'}", "times: 1", []string{"", "Bearer t", "Bearer t"}},
		{"group over target", ", auth: {bearer: wide}", "auth: {bearer: '${ token }'}", "auth: {bearer: near}",
			[]string{"Bearer wide", "Bearer t", "Bearer near"}},
		{"auth over a header", ", headers: {authorization: wide}",
			"", "auth: {bearer: near}", []string{"wide", "wide", "Bearer near"}},
		{"a header over auth", ", auth: {bearer: wide}", "", "headers: {AUTHORIZATION: near}",
			[]string{"Bearer wide", "Bearer wide", "near"}},
		{"none in a step", ", auth: {bearer: wide}", "", "auth: none", []string{"Bearer wide", "Bearer wide", ""}},
		{"none in a group", ", auth: {bearer: wide}", "auth: none",
			"auth: {bearer: near}", []string{"", "", "Bearer near"}},
		{"none takes a header away", ", headers: {Authorization: wide}",
			"auth: none", "times: 1", []string{"", "", ""}},
		{"none without another", "", "auth: none", "auth: none", []string{"", "", ""}},
		{"basic of a row", "", "auth: {basic: {username: '${ accounts.name }', password: '${ accounts.word }'}}",
			"times: 1",
			[]string{"Basic YWRhOnA6dw==", "Basic YWRhOnA6dw==", "Basic YWRhOnA6dw=="}},
		{"basic of parts", "", `auth: {basic: {username: 'a"$${}\${ accounts.name // who
			}é', password: '${ [token][0] }${ {"a": 1}.a }'}}`, "times: 1",
			[]string{"", "Basic " + "YSIke31cYWRhw6k6dDE=", "Basic " + "YSIke31cYWRhw6k6dDE="}},
		{"basic without a password", "", "auth: {basic: {username: key, password: ''}}", "times: 1",
			[]string{"Basic a2V5Og==", "Basic a2V5Og==", "Basic a2V5Og=="}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{"accounts.csv": {Data: []byte("name,word\nada,p:w\n")}}
			s := decode(t, fmt.Sprintf(file, c.target, c.group, c.step), thresholds.Options{Files: files})
			if diff := cmp.Diff(c.want, authorizations(t, s)); diff != "" {
				t.Errorf("Authorization (-want +got):\n%s", diff)
			}
		})
	}
}

// Neither a digest nor a readiness check depends on more than it may: the
// password of the environment is none of the load, and a target's auth that is
// fixed is sent by checks too.
func TestAuthOfTheEnvironment(t *testing.T) {
	file := "version: 1\nenv: [PW]\nsecret: [PW]\ntarget: {url: http://localhost, auth: {basic: {username: ada, " +
		"password: '${ env(\"PW\") }'}}}" + rest
	with := func(password string) *config.Config {
		return decode(t, file, thresholds.Options{Getenv: func(string) (string, bool) { return password, true }})
	}
	one, other := with("hunter22"), with("hunter23")
	if identity.Of(one) != identity.Of(other) {
		t.Errorf("Digest() = %s and %s, want the same for two passwords", identity.Of(one), identity.Of(other))
	}
	o := thresholds.Options{Getenv: func(string) (string, bool) { return "hunter22", true }}
	if plain := decode(t, strings.Replace(file, "ada", "bob", 1), o); identity.Of(plain) == identity.Of(one) {
		t.Error("Digest() is the same for another user name")
	}
	text, fixed := one.Target.Headers[0].Value.Static()
	if want := "Basic YWRhOmh1bnRlcjIy"; text != want || !fixed || len(one.Target.Headers) != 1 {
		t.Errorf("Headers = %q, %v, want %s, fixed", text, fixed, want)
	}
	if got := one.Mask("Authorization: " + text); got != "Authorization: Basic ***" {
		t.Errorf("Mask(%q) = %q", text, got)
	}
}

// Whatever a password is, the credentials are those of the name and it.
func TestBasicKeepsEveryPassword(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.String().Draw(t, "password")
		written, err := json.Marshal(strings.ReplaceAll(password, "${", "$${"))
		if err != nil {
			t.Fatal(err)
		}
		// JSON is YAML but for this one, which YAML takes for the end of a line.
		text := strings.ReplaceAll(string(written), "\u0085", `\u0085`)
		file := "version: 1\ntarget: {url: http://localhost}\n" + strings.Replace(rest, "steps: [GET /items]",
			"steps: [{request: GET /items, auth: {basic: {username: '${ seq() }', password: "+text+"}}}]", 1)
		s, err := thresholds.Decode([]byte(file), "", thresholds.Options{})
		if err != nil {
			if strings.Contains(err.Error(), "control character") || strings.Contains(err.Error(), "not allowed") {
				t.Skip("no text of YAML")
			}
			t.Fatal(err)
		}
		value := s.Groups[0].Steps[0].Headers[0].Value
		got, err := value.Append(nil, expr.NewEnv(rand.New(rand.NewPCG(1, 1)), time.Now, 7, 10))
		if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("7:"+password)); err != nil ||
			string(got) != want {
			t.Errorf("Authorization of %q = %s, %v, want %s", password, got, err, want)
		}
	})
}
