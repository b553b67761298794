package target_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/target"
)

func TestSocketURL(t *testing.T) {
	for _, c := range []struct {
		text, socket, prefix string
		ok                   bool
	}{
		{"http+unix:///run/app.sock", "/run/app.sock", "", true},
		{"http+unix:///run/app.sock:", "/run/app.sock", "", true},
		{"http+unix:///run/app.sock:/", "/run/app.sock", "", true},
		{"http+unix:///run/app.sock:/v1/", "/run/app.sock", "/v1", true},
		{"http+unix:///run//x/../app.sock:/v1", "/run/app.sock", "/v1", true},
		{"http+unix:///run/my app.sock:/a b/%C3%A9", "/run/my app.sock", "/a%20b/%C3%A9", true},
		{"http+unix://%2Frun%2Fapp.sock", "/run/app.sock", "", true},
		{"http+unix://%2Frun%2Fapp.sock/v1/x", "/run/app.sock", "/v1/x", true},
		{"http+unix://%2Frun%2Fa%3Ab.sock/", "/run/a:b.sock", "", true},
		{"http://localhost", "", "", false},
		{"unix:/run/app.sock", "", "", false},
		{"http+unix://run/app.sock", "", "", false},
		{"http+unix://", "", "", false},
		{"http+unix:///", "", "", false},
		{"http+unix:///run/..", "", "", false},
		{"http+unix:///run/app.sock:v1", "", "", false},
		{"http+unix:///run/app.sock:/v1?a=b", "", "", false},
		{"http+unix:///run/app.sock:/v1#a", "", "", false},
		{"http+unix:///run/app.sock:/%zz", "", "", false},
		{"http+unix:///run/app.sock:/a\r\nb", "", "", false},
		{"http+unix:///run/\x00.sock", "", "", false},
		{"http+unix://%2Frun%2Fapp.sock%0A", "", "", false},
		{"http+unix://%zz", "", "", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			socket, prefix, ok := target.SocketURL(c.text)
			if socket != c.socket || prefix != c.prefix || ok != c.ok {
				t.Errorf("SocketURL() = %q, %q, %v, want %q, %q, %v", socket, prefix, ok, c.socket, c.prefix, c.ok)
			}
		})
	}
}

func TestPublic(t *testing.T) {
	got := target.Public("https://me:secret@example.com/v1?token=a#b")
	if got != "https://example.com/v1" {
		t.Errorf("Public() = %q", got)
	}
	for _, c := range []struct{ url, want string }{
		{"https://example.com/v1", "https://example.com/v1/a?b=c"},
		{"http+unix:///run/app.sock", "http+unix:///run/app.sock:/a?b=c"},
		{"http+unix:///run/app.sock:/v1", "http+unix:///run/app.sock:/v1/a?b=c"},
		{"http+unix://%2Frun%2Fapp.sock", "http+unix://%2Frun%2Fapp.sock/a?b=c"},
	} {
		if got := target.PublicOf(c.url, "/a?b=c"); got != c.want {
			t.Errorf("PublicOf(/a?b=c) of %s = %q, want %q", c.url, got, c.want)
		}
	}
}

func TestSplitEntries(t *testing.T) {
	got := target.SplitEntries([]string{"a.example.com, commands", "unix:/run/a.sock\n10.0.0.0/8", ""})
	if want := []string{"a.example.com", "commands", "unix:/run/a.sock", "10.0.0.0/8"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// A load goes to one host: a pattern is for allow lists.
func TestParseRefusesPatterns(t *testing.T) {
	for _, text := range []string{"http://*.preview.example.com", "https://*/v1"} {
		if _, err := target.Parse(text); err == nil || !strings.Contains(err.Error(), "write the one host") {
			t.Errorf("Parse(%s) = %v", text, err)
		}
		if entry := target.EntryOf(text); entry != "" {
			t.Errorf("EntryOf(%s) = %q, which would allow many hosts", text, entry)
		}
	}
}

// No message shows the password of a URL, however the URL is wrong.
func TestParseShowsNoPassword(t *testing.T) {
	for _, text := range []string{
		"http://ada:pa%hunter2@example.com", "ftp://ada:hunter2@example.com", "ada:hunter2@example.com",
		"http://ada:p@hunter2@", "https://ada:hunter2@example.com",
	} {
		if _, err := target.Parse(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Parse(%s) = %v", text, err)
		}
	}
}
