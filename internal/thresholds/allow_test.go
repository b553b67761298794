package thresholds_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// allowing decodes a file with an entry under allow, and a variable of the environment.
func allowing(entry, value string, o thresholds.Options) (*config.Config, error) {
	o.Getenv = func(name string) (string, bool) { return value, name == "PREVIEW" && value != "" }
	return thresholds.Decode([]byte("version: 1\nenv: [PREVIEW]\nsecret: [PREVIEW]\ntarget:\n"+
		"  url: http://localhost:8000\n  allow: [localhost, '"+entry+"']"+rest), "thresholds.yaml", o)
}

func TestAllowFromTheEnvironment(t *testing.T) {
	for _, c := range []struct{ name, entry, value, want string }{
		{"a name", `${ env("PREVIEW") }`, "pr-7.preview.example.com", "pr-7.preview.example.com"},
		{"an address", `${ env("PREVIEW") }`, "10.0.0.7", "10.0.0.7"},
		{"IPv6", `${ env("PREVIEW") }`, "fd00::7", "fd00::7"},
		{"a part of a name", `pr-${ env("PREVIEW") }.preview.example.com`, "7", "pr-7.preview.example.com"},
		{"the domain of a pattern", `*.${ env("PREVIEW") }`, "preview.example.com", "*.preview.example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := allowing(c.entry, c.value, thresholds.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{"localhost", c.want}; !slices.Equal(s.Target.Allow, want) {
				t.Errorf("Allow = %q, want %q", s.Target.Allow, want)
			}
			beyond, err := s.Target.Unsaid(nil)
			if err != nil || len(beyond) != 1 || beyond[0].Entry != c.want {
				t.Fatalf("Unsaid() = %+v, %v: the caller has to grant %s too", beyond, err, c.want)
			}
			if left, err := s.Target.Unsaid([]string{c.want}); err != nil || len(left) != 0 {
				t.Errorf("Unsaid(%s) = %+v, %v", c.want, left, err)
			}
			if len(c.value) > 4 && strings.Contains(beyond[0].Shown, c.value) {
				t.Errorf("a message shows %s, which holds a secret", beyond[0].Shown)
			}
		})
	}
}

// A variable names one host: it opens no domain, no network, no socket and no commands, and lists nothing.
func TestAllowFromTheEnvironmentRefused(t *testing.T) {
	const plain = `${ env("PREVIEW") }`
	for _, c := range []struct{ name, entry, value, want string }{
		{"not set", plain, "", `PREVIEW is not set`},
		{"everything", plain, "*", "has a *, which only the file may write"},
		{"a pattern", plain, "*.example.com", "has a *, which only the file may write"},
		{"a pattern below one", "*." + plain, "*.example.com", "has a *, which only the file may write"},
		{"a public suffix", "*." + plain, "co.uk", "allows hosts of strangers"},
		{"a top-level domain", "*." + plain, "com", "has fewer than two labels after the *"},
		{"nothing", `${ "" }`, "", "the value is empty"},
		{"nothing below a star", `*.${ "" }`, "", "the value is empty"},
		{"chance", `${ uuid() }`, "", "changes from request to request"},
		{"two hosts", plain, "a.example.com b.example.com", "has white space"},
		{"a line break", plain, "a.example.com\n", "has white space"},
		{"a list", plain, "a.example.com,b.example.com", "has a comma"},
		{"a URL", plain, "https://a.example.com", "has a slash"},
		{"a network", plain, "0.0.0.0/0", "has a slash"},
		{"a socket", plain, "unix:/run/app.sock", "has a slash"},
		{"a socket of a path in the file", "unix:/run/" + plain, "app.sock", "has a slash"},
		{"commands", plain, "commands", "would allow "},
		{"a part of commands", "c" + plain, "ommands", "would allow "},
		{"a port", plain, "a.example.com:80", "has a port"},
		{"no host", plain, "a|b", "is not a host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := allowing(c.entry, c.value, thresholds.Options{})
			if err == nil {
				t.Fatal("Decode() = no error")
			}
			text := err.Error()
			named := strings.Contains(text, c.entry+", of PREVIEW: ") || c.value == ""
			if !strings.HasPrefix(text, "thresholds.yaml:6:") || !strings.Contains(text, ": target.allow[1]: ") ||
				!strings.Contains(text, c.want) || !named || strings.Contains(text, "\n") {
				t.Errorf("Decode() = %v, want one line that names the entry, the variable and %q", err, c.want)
			}
			if len(c.value) > 4 && strings.Contains(text, c.value) {
				t.Errorf("%v shows a secret", err)
			}
		})
	}
}

// Who sends nothing need not have the variable: what it would allow is not known, and no mistake.
func TestAllowUnset(t *testing.T) {
	for _, host := range []string{"", "http://pr-7.preview.example.com"} {
		s, err := allowing(`${ env("PREVIEW") }`, "", thresholds.Options{Unsent: true, Host: host})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"localhost"}; !slices.Equal(s.Target.Allow, want) || !slices.Contains(s.Unset, "PREVIEW") {
			t.Errorf("Allow = %q, want %q; Unset = %q", s.Target.Allow, want, s.Unset)
		}
	}
}
