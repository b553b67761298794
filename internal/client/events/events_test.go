package events_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client/events"
)

// read gives a reader a stream in pieces of that many bytes, and returns the events.
func read(t *testing.T, stream []byte, piece int, most int64) (all []events.Event, err error) {
	t.Helper()
	r := events.Reader{Most: most}
	for len(stream) > 0 {
		p := stream[:min(piece, len(stream))]
		stream = stream[len(p):]
		for len(p) > 0 {
			n, whole, err := r.Next(p)
			if err != nil {
				return all, err
			}
			if n <= 0 || n > len(p) || !whole && n != len(p) {
				t.Fatalf("%d of %d bytes taken, whole: %t", n, len(p), whole)
			}
			p = p[n:]
			if whole {
				e := r.Last()
				e.Data = append([]byte{}, e.Data...) // as a text: not nil where it is empty
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// one is an event of data alone.
func one(data string) events.Event { return events.Event{Data: []byte(data)} }

// The examples of the standard, and its rules one by one; whatever the pieces in which a stream comes.
func TestStreams(t *testing.T) {
	for name, test := range map[string]struct {
		stream string
		want   []events.Event
	}{
		"nothing":         {"", nil},
		"standard, first": {"data: YHOO\ndata: +2\ndata: 10\n\n", []events.Event{one("YHOO\n+2\n10")}},
		"standard, second": {": test stream\n\ndata: first event\nid: 1\n\n" +
			"data:second event\nid\n\ndata:  third event\n",
			[]events.Event{{Data: []byte("first event"), ID: "1"}, one("second event")}},
		"standard, third":       {"data\n\ndata\ndata\n\ndata:", []events.Event{one(""), one("\n")}},
		"standard, fourth":      {"data:test\n\ndata: test\n\n", []events.Event{one("test"), one("test")}},
		"an unfinished event":   {"data: a\n\ndata: b\n", []events.Event{one("a")}},
		"an event without data": {"event: x\n\ndata: a\n\n", []events.Event{one("a")}},
		"a type is of one event": {"event: x\ndata: a\n\ndata: b\n\n",
			[]events.Event{{Type: "x", Data: []byte("a")}, one("b")}},
		"carriage returns":     {"data: a\rdata: b\r\rdata: c\r\r", []events.Event{one("a\nb"), one("c")}},
		"both":                 {"data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", []events.Event{one("a\nb"), one("c")}},
		"mixed":                {"data: a\n\r\ndata: b\r\n\rdata: c\n\n", []events.Event{one("a"), one("b"), one("c")}},
		"a byte order mark":    {"\ufeffdata: a\n\n", []events.Event{one("a")}},
		"a second mark":        {"data: a\n\n\ufeffdata: b\n\n", []events.Event{one("a")}},
		"comments":             {":\n: data: x\n:ping\ndata: a\n\n", []events.Event{one("a")}},
		"strange fields":       {"Data: x\n data: y\ndatas: z\ndata: a\nfoo\n\n", []events.Event{one("a")}},
		"a colon in the value": {"data: {\"a\": 1}\n\n", []events.Event{one(`{"a": 1}`)}},
		"an id with a null": {"id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n",
			[]events.Event{{Data: []byte("a"), ID: "1"}, {Data: []byte("b"), ID: "1"}}},
		"an id without data stays": {"id: 1\n\ndata: a\n\n", []events.Event{{Data: []byte("a"), ID: "1"}}},
		"retry": {"retry: 100\nretry: 1x\nretry: -5\ndata: a\n\n",
			[]events.Event{{Data: []byte("a"), Retry: 100}}},
	} {
		for piece := 1; piece <= len(test.stream)+1; piece++ {
			got, err := read(t, []byte(test.stream), piece, 1000)
			if err != nil {
				t.Errorf("%s, %d bytes at a time: %v", name, piece, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s, %d bytes at a time (-want +got):\n%s", name, piece, diff)
			}
		}
	}
}

// A line without an end, comments without an event and an event without an end are bounded alike; what is within the
// bound is read for ever.
func TestBounds(t *testing.T) {
	for name, stream := range map[string]string{
		"a line": "data: " + strings.Repeat("x", 200), "comments": strings.Repeat(":\n", 200),
		"data": strings.Repeat("data: x\n", 50), "empty lines": strings.Repeat("\n", 200),
		"types": strings.Repeat("event: x\n\n", 50),
	} {
		for _, piece := range []int{1, 7, 1000} {
			if _, err := read(t, []byte(stream), piece, 100); !errors.Is(err, events.ErrLarge) {
				t.Errorf("%s, %d bytes at a time: %v", name, piece, err)
			}
		}
	}
	got, err := read(t, []byte(strings.Repeat("data: x\n\n", 500)), 10, 100)
	if len(got) != 500 || err != nil {
		t.Errorf("%d events, %v", len(got), err)
	}
}

// Events are the same whatever the pieces in which a stream comes, and nothing that comes breaks the reader.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\ufeffevent: a\rdata: b\r\n\n:c\nid: 1\nretry: 5\ndata\n\n"), 3)
	f.Fuzz(func(t *testing.T, stream []byte, piece int) {
		whole, err := read(t, stream, len(stream)+1, 1000)
		parts, errParts := read(t, stream, 1+piece&15, 1000)
		if diff := cmp.Diff(whole, parts); diff != "" || err != nil != (errParts != nil) {
			t.Errorf("%v, %v (-whole +parts):\n%s", err, errParts, diff)
		}
	})
}
