package trace_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/trace"
)

// numbers is a source that says what it is given, and then ones.
type numbers []uint64

func (n *numbers) Uint64() uint64 {
	if len(*n) == 0 {
		return 1
	}
	next := (*n)[0]
	*n = (*n)[1:]
	return next
}

var header = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-01$`)

// The example of W3C's Trace Context, section 3.2.3, and ids of zeros, which are invalid there.
func TestDraw(t *testing.T) {
	for _, row := range []struct {
		source numbers
		want   string
	}{
		{numbers{0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7},
			"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
		{numbers{0, 0, 0, 2, 0, 0, 3}, "00-00000000000000000000000000000002-0000000000000003-01"},
	} {
		c := trace.Draw(&row.source)
		if got := c.String(); got != row.want || !c.Sampled() {
			t.Errorf("the header is %s, want %s", got, row.want)
		}
	}
	if (trace.Context{}).Sampled() {
		t.Error("no context is sampled")
	}
}

func TestHeaderForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rand.NewPCG(rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b"))
		c := trace.Draw(source)
		if got := c.String(); !header.MatchString(got) || !strings.Contains(got, "-"+c.Trace.String()+"-") {
			t.Errorf("the header is %s", got)
		}
		text, err := json.Marshal(c.Trace)
		if err != nil {
			t.Fatal(err)
		}
		var back trace.ID
		if err := json.Unmarshal(text, &back); err != nil || back != c.Trace {
			t.Errorf("%s read back is %s: %v", text, back, err)
		}
	})
}

func TestIDRefused(t *testing.T) {
	for _, text := range []string{
		"", "4bf9", strings.Repeat("0", 32), "4BF92F3577B34DA6A3CE929D0E0E4736", "4bf92f3577b34da6a3ce929d0e0e473g",
		"4bf92f3577b34da6a3ce929d0e0e47360", "<script>alert(1)</script>xxxxxxx", strings.Repeat("é", 16),
	} {
		id := trace.ID{1}
		if err := id.UnmarshalText([]byte(text)); err == nil || id != (trace.ID{1}) {
			t.Errorf("%q is read as %s", text, id)
		}
	}
}

func TestOwns(t *testing.T) {
	for name, want := range map[string]bool{"Traceparent": true, "TRACESTATE": true, "trace": false, "b3": false} {
		if got := trace.Owns(name); got != want {
			t.Errorf("Owns(%s) = %v, want %v", name, got, want)
		}
	}
}

const someID = "4bf92f3577b34da6a3ce929d0e0e4736"

func TestLink(t *testing.T) {
	var id trace.ID
	if err := id.UnmarshalText([]byte(someID)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"https://tempo.example/trace/{trace_id}":      "https://tempo.example/trace/" + someID,
		"http://localhost:16686/trace/{trace_id}?a=b": "http://localhost:16686/trace/" + someID + "?a=b",
		"https://[::1]:3000/#{trace_id}":              "https://[::1]:3000/#" + someID,
		"https://h?q={trace_id}&c=%20d":               "https://h?q=" + someID + "&c=%20d",
		`https://g.example/explore?panes={"q":"{trace_id}"}`: "https://g.example/explore?panes=%7B%22q%22:%22" +
			someID + "%22%7D",
		"https://g.example/a)b|c<d>/{trace_id}": "https://g.example/a%29b%7Cc%3Cd%3E/" + someID,
		"https://g.example/ü/{trace_id}":        "https://g.example/%C3%BC/" + someID,
	} {
		link, err := trace.ParseLink(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := link.To(id); got != want {
			t.Errorf("%s: leads to %s, want %s", text, got, want)
		}
	}
	if got := (trace.Link{}).To(id); got != "" {
		t.Errorf("no link leads to %q", got)
	}
}

func TestLinkRefused(t *testing.T) {
	for text, part := range map[string]string{
		"":                                "has no {trace_id}",
		"https://tempo.example/trace/":    "has no {trace_id}",
		"https://h/{trace_id}/{trace_id}": "more than one",
		"javascript:alert('{trace_id}')":  "http:// or https://",
		"ftp://h/{trace_id}":              "http:// or https://",
		"//h/{trace_id}":                  "http:// or https://",
		"/trace/{trace_id}":               "http:// or https://",
		"https:///{trace_id}":             "http:// or https://",
		"https://{trace_id}.example/":     "in its host",
		"https://h:{trace_id}":            "in its host",
		"https://me:secret@h/{trace_id}":  "password",
		"https://h/a b/{trace_id}":        "space",
		"https://h/\n{trace_id}":          "space",
		"https://h\"onclick=x/{trace_id}": "host",
		"https://h/" + strings.Repeat("a", 2000) + "{trace_id}": "longer",
	} {
		_, err := trace.ParseLink(text)
		if err == nil || !strings.Contains(err.Error(), part) || strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q in it", text, err, part)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error repeats the password: %v", text, err)
		}
	}
}

// linkSafe are the bytes that end a link in no medium.
var linkSafe = regexp.MustCompile(`^https?://[][0-9A-Za-z.:_-]+[!#$%&+,./0-9:;=?@A-Z_a-z~-]*$`)

// Whatever is taken leads to an address that no medium can take for anything else.
func FuzzLink(f *testing.F) {
	f.Add("https://tempo.example/trace/{trace_id}")
	f.Add(`https://g.example/explore?panes={"q":"{trace_id}"}#')`)
	f.Fuzz(func(t *testing.T, text string) {
		link, err := trace.ParseLink(text)
		if err != nil {
			return
		}
		to := link.To(trace.ID{1})
		u, err := url.Parse(to)
		if err != nil || u.Host == "" || !linkSafe.MatchString(to) || !strings.Contains(to, (trace.ID{1}).String()) {
			t.Errorf("%q leads to %q: %v", text, to, err)
		}
	})
}
