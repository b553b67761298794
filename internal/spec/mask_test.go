package spec_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/spec"
)

// A mistake in a value from the environment does not show the value.
func TestDecodeMasksSecrets(t *testing.T) {
	_, err := spec.Decode([]byte(`version: 1
env: [TARGET]
secret: [TARGET]
target: {url: '${ env("TARGET") }'}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", spec.Options{Getenv: func(string) (string, bool) { return "ftp://u:s3cret@h", true }})
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "***") {
		t.Errorf("Decode = %v, want a mistake with the value masked", err)
	}
}

func TestMask(t *testing.T) {
	s := &spec.Spec{Secrets: []string{"hunter22", "x"}}
	for _, tt := range []struct{ text, more, want string }{
		{"pass hunter22 x", "", "pass *** x"},
		{"token t0ken and hunter22hunter22", "t0ken", "token *** and ******"},
		{"nothing", "zz", "nothing"},
	} {
		if got := s.Mask(tt.text, tt.more); got != tt.want {
			t.Errorf("Mask(%q, %q) = %q, want %q", tt.text, tt.more, got, tt.want)
		}
	}
}
