package recording

import (
	"strings"
	"time"
)

// Exchange is a request and its answer, as they were recorded.
type Exchange struct {
	Begun time.Time     // zero: it was not recorded
	Took  time.Duration // until the end of the answer
	// Connection is that of the client, by its number, where a recorder kept several users at once; 0: they are
	// all of one user.
	Connection int64
	Resource   string // what a browser asked for, such as document; empty: it was not recorded
	Request    Request
	Answer     Answer
}

// Request is what was sent.
type Request struct {
	Method, URL string
	Headers     []NameValue
	Cookies     []NameValue
	Body        *Body // nil: none, or it was not recorded
	LacksBody   bool  // it had one, which was not recorded
}

// Body is what a request sent, as text or, of a form, as names and values.
type Body struct {
	MimeType, Text string
	Params         []NameValue
}

// Answer is what came back.
type Answer struct {
	Status      int // below 100: none came
	RedirectURL string
	Headers     []NameValue
	Type        string // of its content
	Text        string // its content; empty: none that can be read
}

// NameValue is a name with its value.
type NameValue struct{ Name, Value string }

// Header is the value of the first header of a name, in any case; empty: it is not there.
func Header(all []NameValue, name string) string {
	for _, h := range all {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}
