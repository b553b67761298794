package config_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// A mistake in a value from the environment does not show the value.
func TestDecodeMasksSecrets(t *testing.T) {
	_, err := thresholds.Decode([]byte(`version: 1
env: [TARGET]
secret: [TARGET]
target: {url: '${ env("TARGET") }'}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", thresholds.Options{Getenv: func(string) (string, bool) { return "ftp://u:s3cret@h", true }})
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "***") {
		t.Errorf("Decode = %v, want a mistake with the value masked", err)
	}
}

func TestMask(t *testing.T) {
	s := &config.Config{Secrets: []string{"hunter22", "x", "p@ss/\"w d"}}
	for _, tt := range []struct{ text, more, want string }{
		{"pass hunter22 x", "", "pass *** x"},
		{"token t0ken and hunter22hunter22", "t0ken", "token *** and ******"},
		{"nothing", "zz", "nothing"},
		{"hunter22 and hunter22-more", "hunter22-more", "*** and ***"},
		{"a=p%40ss%2F%22w+d&b=/p@ss%2F%22w%20d", "", "a=***&b=/***"},
		{`{"password": "p@ss/\"w d"}`, "", `{"password": "***"}`},
		{"Basic " + base64.StdEncoding.EncodeToString([]byte("ada:hunter22")), "", "Basic ***"},
		{"Basic " + base64.StdEncoding.EncodeToString([]byte("ada:hunter222")) + ", more", "", "Basic ***, more"},
		{`{"token":"` + base64.RawURLEncoding.EncodeToString([]byte("\xff\xfe\xfd?>:t0ken")) + `"}`,
			"t0ken", `{"token":"***"}`},
		{"cut " + base64.StdEncoding.EncodeToString([]byte("ada:hunter22, and a long tail"))[:17], "", "cut ***"},
		{base64.StdEncoding.EncodeToString([]byte("ada:somebody")), "", "YWRhOnNvbWVib2R5"},
		{"a+b/c==d = e", "", "a+b/c==d = e"},
	} {
		if got := s.Mask(tt.text, tt.more); got != tt.want {
			t.Errorf("Mask(%q, %q) = %q, want %q", tt.text, tt.more, got, tt.want)
		}
	}
}

// What a command sees, and whose words a DSN is.
func TestResourcesKnowTheEnvironment(t *testing.T) {
	s, err := thresholds.Decode([]byte(`version: 1
env: [DATABASE_URL, TOKEN]
target: {url: 'http://h', allow: [h, commands]}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
resources:
  whole: {from: postgres, dsn: '${ env("DATABASE_URL") }', max: 70%}
  part: {from: postgres, dsn: '${ env("DATABASE_URL") }&passfile=/x', max: 70%}
  own: {from: postgres, dsn: 'host=h', max: 70%}
  run: {from: command, run: echo 1, max: 1}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", thresholds.Options{Getenv: func(name string) (string, bool) {
		return "postgres://h/d?sslrootcert=/ca", name == "DATABASE_URL"
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Resources {
		if r.Given != (r.Name == "whole") || (len(r.Env) == 2) != (r.Name == "run") {
			t.Errorf("%s: given %v, environment %q", r.Name, r.Given, r.Env)
		}
	}
}
