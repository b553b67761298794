package http2error_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/client/http2error"
)

// Codes have the names of RFC 9113, some with what they mean, and those that nobody knows stay numbers.
func TestNames(t *testing.T) {
	for code, want := range map[uint32]string{
		0: "NO_ERROR", 7: "REFUSED_STREAM, it takes no more requests now",
		11: "ENHANCE_YOUR_CALM, it finds them too many",
		13: "HTTP_1_1_REQUIRED; write http: 1.1", 14: "error code 14", 1<<32 - 1: "error code 4294967295",
	} {
		if got := http2error.Explained(http2error.Name(code)); got != want {
			t.Errorf("%d is %q, want %q", code, got, want)
		}
	}
}

// The words of net/http around a refusal are not for people.
func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"http2: server sent GOAWAY; LastStreamID=1, ErrCode=ENHANCE_YOUR_CALM, debug=x": "the server ended the " +
			"connection: ENHANCE_YOUR_CALM, it finds them too many",
		"GOAWAY ErrCode:INTERNAL_ERROR": "the server ended the connection: INTERNAL_ERROR",
		"GOAWAY ErrCode=NO_ERROR, x":    "the server ended the connection (GOAWAY) without an answer",
		"GOAWAY":                        "the server ended the connection (GOAWAY) without an answer",
	} {
		if got := http2error.GoAway(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if got := http2error.Bare("net/http: http2: http: x"); got != "x" {
		t.Errorf("Bare leaves %q", got)
	}
}
