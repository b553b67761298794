package target

import "fmt"

// Protocol is the version of HTTP used with a target. The zero value is Auto.
type Protocol uint8

// The protocols.
const (
	Auto  Protocol = iota // over TLS what the server chooses of HTTP/2 and HTTP/1.1, else HTTP/1.1
	HTTP1                 // HTTP/1.1
	HTTP2                 // HTTP/2 over TLS
	H2C                   // HTTP/2 without TLS, by prior knowledge
)

// Fits refuses a protocol that cannot be used at an address.
func (p Protocol) Fits(u Address) error {
	switch {
	case p == HTTP2 && !u.Secure:
		return fmt.Errorf("2 is HTTP/2 over TLS, and %s has none; write h2c for HTTP/2 without TLS, or an https:// url",
			u.Text)
	case p == H2C && u.Secure:
		return fmt.Errorf("h2c is HTTP/2 without TLS, and %s has it; write 2 for HTTP/2 over TLS", u.Text)
	}
	return nil
}
