package export_test

import (
	"slices"
	"strings"
	"testing"
)

const onHosts = `version: 1
target: {url: "http://localhost:8000", allow: [localhost, login.example.com, "unix:/run/a.sock"]}
hosts: {auth: HOST}
profiles: {p: {users: 4, spawn_rate: 4/s, duration: 60s, warm_up: 0s}}
users: {g: {wait: 1s, headers: {X-Of: target}, steps: [GET /a, "GET auth:/b/${ int(1, 2) }"]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`

// Steps for another host go there, and without the group's headers.
func TestHosts(t *testing.T) {
	for tool, want := range map[string][]string{
		"k6": {`const hosts = { auth: "https://login.example.com" };`, `    base: hosts["auth"],`,
			`(step.base || base) + path`},
		"locust": {`HOSTS = {"auth": "https://login.example.com"}`, `path=lambda: HOSTS["auth"] + "/b/"`},
	} {
		text, notes, err := written(t, tool, strings.Replace(onHosts, "HOST", "https://login.example.com", 1))
		ofHosts := func(note string) bool { return strings.Contains(note, "hosts.") }
		if err != nil || slices.ContainsFunc(notes, ofHosts) {
			t.Errorf("%s: %v, notes %q", tool, err, notes)
		}
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s has no %s", tool, part)
			}
		}
		if n := strings.Count(text, "X-Of"); n != 1 {
			t.Errorf("%s: the group's header is in %d steps, want 1", tool, n)
		}
	}
}

func TestHostsThatAreNotExported(t *testing.T) {
	for host, want := range map[string]string{
		`"http+unix:///run/a.sock"`:                     "hosts.auth.url: the tool cannot ask a unix socket",
		`{url: "http://localhost:1", http: h2c}`:        "hosts.auth.http: the tool speaks HTTP/2 over TLS alone",
		`{url: "https://login.example.com", http: 1.1}`: "",
	} {
		_, notes, err := written(t, "k6", strings.Replace(onHosts, "HOST", host, 1))
		const chooses = "hosts.auth.http: the tool chooses the version of HTTP itself"
		switch {
		case want == "" && (err != nil || !slices.Contains(notes, chooses)):
			t.Errorf("%s: %v, notes %q", host, err, notes)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", host, err, want)
		}
	}
}
