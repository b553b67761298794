package thresholds_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// ofEnvFile is a file whose env_file is the text below.
func ofEnvFile(envFile string) string {
	return "version: 1\nenv: [TOKEN, OTHER]\nsecret: [TOKEN]\nenv_file: " + envFile +
		"\ntarget: {url: http://localhost, headers: {X: '${ env(\"TOKEN\") }', " +
		"Y: '${ env(\"OTHER\", \"none\") }'}}" + rest
}

func envFiles(text string) fstest.MapFS { return fstest.MapFS{".env": {Data: []byte(text)}} }

// The environment wins over the file, which knows only the names under env, and what is secret is masked.
func TestEnvFile(t *testing.T) {
	for _, test := range []struct {
		name, file, envFile string
		own                 map[string]string
		want                string // both headers and the secrets
	}{
		{"from the file", ".env", "TOKEN=t0ken\nOTHER=o\nHOME=/x", nil, "t0ken o t0ken"},
		{"the environment wins", ".env", "TOKEN=t0ken", map[string]string{"TOKEN": "own-token"},
			"own-token none own-token"},
		{"nothing in the environment", ".env", "TOKEN=t0ken", map[string]string{"TOKEN": ""}, "t0ken none t0ken"},
		{"nothing in the file", ".env", "TOKEN=t0ken\nOTHER=", nil, "t0ken none t0ken"},
		{"as an object", "{file: .env}", "TOKEN=t0ken", nil, "t0ken none t0ken"},
		{"optional and there", "{file: .env, optional: true}", "TOKEN=t0ken", nil, "t0ken none t0ken"},
		{"optional and missing", "{file: no.env, optional: true}", "TOKEN=t0ken", map[string]string{"TOKEN": "own"},
			"own none own"},
	} {
		t.Run(test.name, func(t *testing.T) {
			getenv := func(name string) (string, bool) { value, ok := test.own[name]; return value, ok }
			s := decode(t, ofEnvFile(test.file), thresholds.Options{Files: envFiles(test.envFile), Getenv: getenv})
			var got []string
			for _, h := range s.Groups[0].Steps[0].Headers {
				text, _ := h.Value.Static()
				got = append(got, text)
			}
			if got := strings.Join(append(got, s.Secrets...), " "); got != test.want {
				t.Errorf("headers and secrets %q, want %q", got, test.want)
			}
			if _, ok := s.EnvFile.Behind(getenv)("HOME"); ok {
				t.Error("a name that is not under env can be read")
			}
		})
	}
}

// A file that is not there is one mistake, also for who sends nothing, as a data file is. Who has its values already
// needs none.
func TestEnvFileThatIsNotThere(t *testing.T) {
	unset := func(string) (string, bool) { return "", false }
	for _, o := range []thresholds.Options{{Getenv: unset}, {Getenv: unset, Unsent: true}} {
		o.Files = fstest.MapFS{}
		const want = "thresholds.yaml:4:11: env_file: .env is not there; put it beside this file, or write " +
			"env_file: {file: .env, optional: true}"
		_, err := thresholds.Decode([]byte(ofEnvFile(".env")), "thresholds.yaml", o)
		if err == nil || err.Error() != want {
			t.Errorf("Decode() = %v, want %s", err, want)
		}
	}
	own := func(string) (string, bool) { return "own", true }
	decode(t, ofEnvFile(".env"), thresholds.Options{Files: fstest.MapFS{}, Getenv: own, EnvGiven: true})
}

// The file is not sent under another name either, such as that of a link.
func TestEnvFileUnderAnotherName(t *testing.T) {
	files := envFiles("TOKEN=t0ken")
	files["linked"] = files[".env"]
	text := strings.Replace(ofEnvFile(".env"), "steps: [", "steps: [{request: POST /a, file: linked}, ", 1)
	_, err := thresholds.Decode([]byte(text), "f", thresholds.Options{Files: files})
	if err == nil || !strings.Contains(err.Error(), "linked has what the env_file has, which is never sent") {
		t.Errorf("Decode() = %v of\n%s", err, text)
	}
}

// A worker's environment is what it was sent, even if a file of that name came with it.
func TestEnvGivenReadsNoFile(t *testing.T) {
	o := thresholds.Options{Files: envFiles("TOKEN=t0ken"), EnvGiven: true}
	_, err := thresholds.Decode([]byte(ofEnvFile(".env")), "f", o)
	if err == nil || !strings.Contains(err.Error(), "TOKEN is not set") {
		t.Errorf("Decode() = %v, want TOKEN to be missing", err)
	}
}

// A file beside thresholds.yaml may come from the same stranger: a DSN in it names no files of the machine.
func TestEnvFileIsNoWordOfTheCaller(t *testing.T) {
	const text = `version: 1
env: [DSN, PART]
env_file: .env
target: {url: http://localhost}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
resources: {db: {from: postgres, dsn: '${ env("DSN") }', read: connections, max: 70%}}
thresholds: {all: {endpoints: "*", success: 99%}}
`
	const dsn = "postgres://u@localhost/d"
	s := decode(t, text, thresholds.Options{Files: envFiles("DSN=" + dsn)})
	if s.Resources[0].DSN != dsn || s.Resources[0].Given {
		t.Errorf("%q counts as the caller's: %t", s.Resources[0].DSN, s.Resources[0].Given)
	}
	named := thresholds.Options{Files: envFiles("DSN=" + dsn + "?passfile=/home/ada/.pgpass")}
	if _, err := thresholds.Decode([]byte(text), "f", named); err == nil ||
		!strings.Contains(err.Error(), "passfile names a file") {
		t.Errorf("Decode() = %v, want a mistake", err)
	}
	named.Getenv = func(string) (string, bool) { return dsn + "?passfile=/home/ada/.pgpass", true }
	if s := decode(t, text, named); !s.Resources[0].Given {
		t.Error("the DSN of the environment is not the caller's")
	}
}

// Neither the file nor its values make another load.
func TestEnvFileIsNotInTheDigest(t *testing.T) {
	own := thresholds.Options{Getenv: func(string) (string, bool) { return "own", true }}
	plain := decode(t, strings.Replace(ofEnvFile(".env"), "env_file: .env\n", "", 1), own)
	own.Files = envFiles("TOKEN=x")
	if s := decode(t, ofEnvFile(".env"), own); identity.Of(s) != identity.Of(plain) {
		t.Error("another digest")
	}
	if !slices.Equal(plain.Secrets, []string{"own"}) {
		t.Errorf("secrets %q", plain.Secrets)
	}
}
