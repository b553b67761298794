package result_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Documents of before there were causes say them in words alone.
func TestCausesOfOlderDocuments(t *testing.T) {
	for _, tt := range []struct {
		kind     metric.Failure
		detail   string
		cause    metric.Cause
		location string
	}{
		{metric.Refused, "this machine has no free local port or address towards that host", metric.OwnMachine, ""},
		{metric.Refused, "this machine is out of file descriptors; raise the limit", metric.OwnMachine, ""},
		{metric.Refused, "connection refused", metric.NoCause, ""},
		{metric.Status, "this machine is a teapot", metric.NoCause, ""},
		{metric.TooLarge, "the answer's head is larger than 64KiB", metric.LargeHead, ""},
		{metric.TooLarge, "the body is larger than 10MiB", metric.NoCause, ""},
		{metric.Redirect, "answers 308 to /x/?page=1", metric.NoCause, "/x/?page=1"},
		{metric.Redirect, "answers 302 without a Location", metric.RedirectNowhere, ""},
		{metric.Redirect, "redirects in a circle, again and again to http://h/a", metric.RedirectCircle, ""},
		{metric.Redirect, "more than 10 redirects", metric.RedirectChain, ""},
		{metric.Redirect, `redirects to host "b", which is not on the allow list`, metric.RedirectForbidden, ""},
		{metric.Redirect, `redirects to scheme "ftp"; only http and https are followed`, metric.RedirectBroken, ""},
	} {
		doc := tape{users: []int{1}, samples: []measure.Sample{
			{Endpoint: 1, Ended: time.Millisecond, Latency: time.Millisecond, Failure: tt.kind, Detail: tt.detail},
		}}.record(t, whole)
		var text bytes.Buffer
		if err := doc.Encode(&text); err != nil {
			t.Fatal(err)
		}
		read, err := result.Decode(&text, "old.json")
		if err != nil {
			t.Fatalf("%s: %v", tt.detail, err)
		}
		if got := read.Endpoints[1].Failures[0]; got.Cause != tt.cause || got.Location != tt.location {
			t.Errorf("%q = %v, %q, want %v, %q", tt.detail, got.Cause, got.Location, tt.cause, tt.location)
		}
	}
}
