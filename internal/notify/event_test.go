package notify_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/notify"
)

var update = flag.Bool("update", false, "write the payloads that events are compared with")

const key = "R0uT1ngK3y0123456789"

// event is one whose texts are hostile.
func event(over bool) notify.Event {
	return notify.Event{
		Key: "loadgate-4be1", Over: over, Kind: "change", Critical: true, Title: "p95 changed for the worse",
		Text:   "p95 changed for the worse: GET /<!channel>&*b*```[x](http://evil)\x1b[31m from 100ms\nto 150ms",
		Advice: "see what changed", Name: "shop", Profile: "nightly", Target: "http://localhost:8000",
		Run: "20261115T013000Z-69aa4c", Commit: "abcdef", Branch: "main",
	}
}

const jobLink = "https://ci.example.org/7"

// received is what a server got: the first line, the headers that matter, and the body.
type received struct {
	line, authorization string
	body                []byte
}

func keeping(t *testing.T, status int, answer string) (address string, got *[]received) {
	t.Helper()
	got = new([]received)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v, %v", err, r.Header)
		}
		*got = append(*got, received{r.Method + " " + r.URL.RequestURI(), r.Header.Get("Authorization"), body})
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

func receiver(t *testing.T, format notify.Format, address string) notify.Receiver {
	t.Helper()
	if !format.Keyed() {
		address += secretPath
	}
	to, err := format.Receiver(address, key)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// What each receiver gets of an event that begins and ends, in files for people to read.
func TestEventPayloads(t *testing.T) {
	for _, format := range notify.Formats() {
		for state, over := range map[string]bool{"open": false, "over": true} {
			address, got := keeping(t, http.StatusAccepted, "{}")
			if err := client(t).SendEvent(t.Context(), receiver(t, format, address), event(over), jobLink); err != nil {
				t.Fatal(err)
			}
			if len(*got) != 1 {
				t.Fatalf("%s: %d requests", format.Name, len(*got))
			}
			var text bytes.Buffer
			fmt.Fprintf(&text, "%s\nAuthorization: %s\n\n", (*got)[0].line, (*got)[0].authorization)
			if err := json.Indent(&text, (*got)[0].body, "", "  "); err != nil {
				t.Fatal(err)
			}
			text.WriteByte('\n')
			name := filepath.Join("testdata", "event-"+format.Name+"-"+state+".txt")
			if *update {
				if err := os.WriteFile(name, text.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(name); err != nil || !bytes.Equal(want, text.Bytes()) {
				t.Errorf("%v; -update writes %s; got\n%s", err, name, text.String())
			}
			plain, err := format.EventBody(event(over), jobLink)
			if err != nil || strings.Contains(string(plain), key) {
				t.Errorf("EventBody() = %s, %v", plain, err)
			}
		}
	}
}

// A service that pages knows the end of an event by the key of its beginning, and takes no text that is too long.
func TestPagers(t *testing.T) {
	long := event(false)
	long.Text, long.Name, long.Target = strings.Repeat("ä", 9000), strings.Repeat("ö", 500), ""
	for _, name := range []string{"pagerduty", "opsgenie"} {
		format := formatOf(t, name)
		address, got := keeping(t, http.StatusAccepted, "{}")
		to := receiver(t, format, address+"/")
		for _, e := range []notify.Event{long, event(true)} {
			if err := client(t).SendEvent(t.Context(), to, e, ""); err != nil {
				t.Fatal(err)
			}
		}
		var begun struct {
			Payload            struct{ Summary, Source string }
			Message, Alias     string
			Description        string
			Key                string `json:"dedup_key"`
			Action             string `json:"event_action"`
			RoutingKey, Entity string
		}
		if err := json.Unmarshal((*got)[0].body, &begun); err != nil {
			t.Fatal(err)
		}
		if utf8.RuneCountInString(begun.Payload.Summary) > 1024 || utf8.RuneCountInString(begun.Message) > 130 ||
			utf8.RuneCountInString(begun.Description) > 15000 || name == "pagerduty" && begun.Payload.Source == "" ||
			begun.Key+begun.Alias != long.Key {
			t.Errorf("%s: %+v", name, begun)
		}
		if end := (*got)[1]; !strings.Contains(end.line+string(end.body), long.Key) {
			t.Errorf("%s: the end is %s %s", name, end.line, end.body)
		}
	}
}

// A verdict opens an event of its run's name, which the next that passes closes.
func TestPagedVerdict(t *testing.T) {
	failed := verdict(t, hostile)
	passed := verdict(t, `{"schema":"loadgate.verdict/1","outcome":"pass","exit_outcome":"pass","exit_code":0,
"summary":"pass","run":{"name":"api","profile":"light","target":"http://localhost:8000"},"checks":[]}`)
	address, got := keeping(t, http.StatusAccepted, "{}")
	to := receiver(t, formatOf(t, "pagerduty"), address)
	for _, v := range []*notify.Verdict{failed, passed} {
		if err := client(t).SendVerdict(t.Context(), to, v, jobLink); err != nil {
			t.Fatal(err)
		}
	}
	type sent struct {
		Action  string `json:"event_action"`
		Key     string `json:"dedup_key"`
		Routing string `json:"routing_key"`
	}
	var events [2]sent
	for i := range events {
		if err := json.Unmarshal((*got)[i].body, &events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if events[0].Action != "trigger" || events[1].Action != "resolve" || events[0].Key != events[1].Key ||
		events[0].Routing != key {
		t.Errorf("%+v", events)
	}
}

// Whatever a service answers, its key is in no error, and what it says is.
func TestPagerRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		status       int
		want         string
	}{
		{"pagerduty", `{"status":"invalid event","message":"Event object is invalid","errors":["routing_key ` +
			key + ` \u001b[2J"]}`,
			400, "400 Bad Request: Event object is invalid; routing_key *** \uFFFD[2J"},
		{"opsgenie", `{"message":"Could not authenticate","took":0.1}`, 403, "403 Forbidden: Could not authenticate"},
		{"opsgenie", "<html>" + key, 502, "502 Bad Gateway (tried 4 times)"},
	} {
		address, got := keeping(t, tt.status, tt.answer)
		err := client(t).SendEvent(t.Context(), receiver(t, formatOf(t, tt.name), address), event(false), "")
		var refused *notify.Error
		if !errors.As(err, &refused) || refused.Status != tt.status || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if tries := len(*got); (tries == 4) != (tt.status >= 500) {
			t.Errorf("%s: tried %d times", tt.name, tries)
		}
		silent(t, fmt.Sprintf("%v %+v %#v", err, refused, refused), key)
	}
	for _, address := range []string{"events.example.org", "ftp://x", "https://x/?key=" + key, "https://x#" + key} {
		if _, err := formatOf(t, "pagerduty").Receiver(address, key); err == nil {
			t.Errorf("%s is taken", address)
		} else {
			silent(t, err.Error(), key)
		}
	}
	if _, err := formatOf(t, "opsgenie").Receiver("", ""); err == nil {
		t.Error("an empty key is taken")
	}
	to := receiver(t, formatOf(t, "pagerduty"), "https://user:password@events.example.org")
	silent(t, fmt.Sprintf("%v %+v %#v %s", to, to, to, to), key, "password")
}
