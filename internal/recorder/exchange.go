package recorder

import (
	"net/http"
	"time"
)

// Exchange is a request and its answer.
type Exchange struct {
	User       string // what the request's header X-Loadgate-User says
	Connection int64  // of the client, from 1
	Begun      time.Time
	Took       time.Duration // until the end of the answer

	Method    string
	URL       string // where it was sent
	Header    http.Header
	Body      []byte
	LacksBody bool // its body was not kept: it was too large

	Status       int // 0: no answer, or not all of it
	AnswerHeader http.Header
	Answer       []byte // unpacked; nil: it was neither JSON nor text, or too large
}

// Recording is what has passed.
type Recording struct {
	Exchanges []Exchange // in the order in which they began
	Lost      int        // further exchanges, for which there was no room
	// What was not recorded, or not reached, by host.
	Streams    map[string]int // connections that became another protocol, and answers that are streams of events
	Distrusted map[string]int // connections whose client does not trust the certificate
	Unreached  map[string]int // requests that no answer came to
}

// Limits bound what is kept. The zero value has the usual ones.
type Limits struct {
	Exchanges int   // 0: 100,000
	Memory    int64 // of all exchanges, in bytes; 0: 128 MiB
	Body      int64 // of one request, in bytes; 0: 1 MiB
	Answer    int64 // of one answer, in bytes, unpacked as well; 0: 4 MiB
}

// or are the limits, and the usual ones for those that are not set.
func (l Limits) or() Limits {
	if l.Exchanges == 0 {
		l.Exchanges = 100_000
	}
	if l.Memory == 0 {
		l.Memory = 128 << 20
	}
	if l.Body == 0 {
		l.Body = 1 << 20
	}
	if l.Answer == 0 {
		l.Answer = 4 << 20
	}
	return l
}
