package export_test

import (
	"fmt"
	"strings"
	"testing"
)

// A script that sent the request of a stream and waited for a whole answer would wait for ever.
func TestStreamsAreRefused(t *testing.T) {
	for _, key := range []string{"for: 5s", "events: 3", "events: all"} {
		for _, tool := range []string{"k6", "locust"} {
			_, _, err := written(t, tool, file(key))
			if !strings.Contains(fmt.Sprint(err), "streams of events are not written into scripts; ") {
				t.Errorf("%s, %s: %v", tool, key, err)
			}
			_, _, err = written(t, tool, strings.Replace(file("ws: [{send: a}]"), "POST /a", "GET /a", 1))
			if !strings.Contains(fmt.Sprint(err), "WebSockets are not written into scripts; ") {
				t.Errorf("%s: %v", tool, err)
			}
		}
	}
}
