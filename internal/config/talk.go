package config

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
)

// Talk is what a step does on the WebSocket that its request begins, in order; at the end it closes that.
type Talk struct {
	Items  []TalkItem
	Source string // as JSON; what identity is made of
}

// TalkItem is a message to send, one to wait for, both in that order, or a pause.
type TalkItem struct {
	Send    *Body         // JSON or Text; nil: nothing is sent
	Expect  *expr.Program // of the message that is waited for, which it sees as the body of an answer; nil: none is
	Within  time.Duration // for that message
	Row     *Transaction  // in which the wait for it is counted; nil: in none
	Capture []Capture     // of that message; they are in the Capture of the step too
	Wait    time.Duration // 0: no pause
}

// MessageOf is the name of the row of a message of an endpoint.
func MessageOf(endpoint, name string) string { return endpoint + " " + name }

func (t *Talk) counted(in *Transaction) bool {
	return slices.ContainsFunc(t.Items, func(item TalkItem) bool { return item.Row == in })
}
