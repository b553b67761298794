package live_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
)

// A stream that has ended is whole, packed or not.
func TestEndIsWhole(t *testing.T) {
	for _, encoding := range []string{"gzip", "identity"} {
		page := live.NewPage(document())
		s := serve(t, live.Options{Page: page})
		answer := s.ask(t, "GET", "/events", "", http.Header{"Accept-Encoding": {encoding}})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		var from io.Reader = answer.Body
		if encoding == "gzip" {
			unpacked, err := gzip.NewReader(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			from = unpacked
		}
		if got := text(t, from); !strings.HasSuffix(got, "event: end\ndata: -\n\n") {
			t.Errorf("%s: the stream ends with %q", encoding, got)
		}
	}
}

// Viewers who came at different times are sent the same pieces, and each of their streams is whole.
func TestPiecesFitEveryStream(t *testing.T) {
	page := live.NewPage(document())
	s := serve(t, live.Options{Page: page})
	var streams []*http.Response
	for i := range 4 {
		at := "" // a viewer that knows nothing gets everything, one that knows all gets a sign of life
		if i%2 == 1 {
			whole := text(t, s.ask(t, "GET", "/", "", nil).Body)
			at = regexp.MustCompile(`data-at="([^"]+)"`).FindStringSubmatch(whole)[1]
		}
		streams = append(streams, s.ask(t, "GET", "/events", "",
			http.Header{"Accept-Encoding": {"gzip"}, "Last-Event-Id": {at}}))
		page.Change(live.Change{Title: fmt.Sprint("run ", i), Sections: []htmlpage.Section{{ID: "log", Title: "Log",
			Parts: []htmlpage.Part{{Code: strings.Repeat("the same line\n", 500) + fmt.Sprint("line <", i, ">")}}}}})
		for _, other := range streams {
			other.Body = untilLine(t, other.Body, fmt.Sprint("line &lt;", i, "&gt;"))
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i, answer := range streams {
		if got := text(t, answer.Body); !strings.HasSuffix(got, "event: end\ndata: -\n\n") {
			t.Errorf("stream %d ends with %q", i, got[max(0, len(got)-100):])
		}
	}
}

// unpacked is a gzip stream, read line by line.
type unpacked struct {
	*bufio.Reader
	io.Closer
}

// untilLine reads a stream up to a line with a text.
func untilLine(t *testing.T, body io.ReadCloser, text string) io.ReadCloser {
	t.Helper()
	u, ok := body.(unpacked)
	if !ok {
		from, err := gzip.NewReader(body)
		if err != nil {
			t.Fatal(err)
		}
		u = unpacked{bufio.NewReader(from), body}
	}
	for {
		line, err := u.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(line, text) {
			return u
		}
	}
}
