// Package http2error has plain words for what servers of HTTP/2 say when they refuse, and for what net/http makes of
// that. It knows texts and codes alone.
package http2error

import (
	"fmt"
	"strings"
)

// Name is what RFC 9113, section 7, calls a code.
func Name(code uint32) string {
	names := [...]string{
		"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
		"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
		"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
	}
	if int(code) < len(names) {
		return names[code]
	}
	return fmt.Sprintf("error code %d", code)
}

// Explained adds plain words to the names that say little or ask for
// something.
func Explained(name string) string {
	switch name {
	case "REFUSED_STREAM":
		return name + ", it takes no more requests now"
	case "ENHANCE_YOUR_CALM":
		return name + ", it finds them too many"
	case "HTTP_1_1_REQUIRED":
		return name + "; write http: 1.1"
	}
	return name
}

// GoAway says how a server ended a connection.
func GoAway(text string) string {
	for _, before := range []string{"ErrCode=", "ErrCode:"} {
		if _, name, ok := strings.Cut(text, before); ok {
			name, _, _ = strings.Cut(name, ",")
			if name != "NO_ERROR" {
				return "the server ended the connection: " + Explained(name)
			}
		}
	}
	return "the server ended the connection (GOAWAY) without an answer"
}

// Bare is a text without the name of the package that it came from.
func Bare(text string) string {
	for _, name := range []string{"net/http: ", "http2: ", "http: "} {
		text = strings.TrimPrefix(text, name)
	}
	return text
}
