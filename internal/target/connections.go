package target

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

// Keep is how long a user keeps its connections.
type Keep uint8

// The zero value is KeepUser.
const (
	// KeepUser: from request to request, as long as the services do.
	KeepUser Keep = iota
	// KeepRound: until the end of the user's round.
	KeepRound
	// KeepRequest: not at all. Each sending has a connection of its own, those of redirects and of answers to
	// challenges too, and says so over HTTP/1.1 (Connection: close).
	KeepRequest
)

var keepNames = [...]string{KeepUser: "per user", KeepRound: "per round", KeepRequest: "per request"}

// MostPooled is how many connections a pool may have.
const MostPooled = 100_000

// Connections is the policy for the connections of all users. Without Pool, a user shares a connection with nobody. The
// zero value keeps connections as long as the services do.
type Connections struct {
	Keep Keep
	// Pool is how many connections to an origin all users of a run have together, at most MostPooled: each carries one
	// request at a time, for whoever needs one. 0: there is no pool. It has neither Keep nor MaxAge.
	Pool int `json:",omitempty"`
	// MaxAge is how old a connection may be that carries another request, from the beginning of connecting on; 0: any
	// age. It ends no request.
	MaxAge time.Duration
}

// String is the policy as ParseConnections reads it: "per round", "max 30s", "pool 20".
func (c Connections) String() string {
	if c.Pool > 0 {
		return "pool " + strconv.Itoa(c.Pool)
	}
	if c.MaxAge > 0 {
		return "max " + unit.Compact(c.MaxAge)
	}
	return keepNames[c.Keep]
}

// Of is the policy for part k of n of a run, k from 1: the parts of a pool add up to the whole.
func (c Connections) Of(k, n int) Connections {
	if c.Pool > 0 && n > 1 {
		part := c.Pool / n
		if k <= c.Pool%n {
			part++
		}
		c.Pool = part
	}
	return c
}

// ParseConnections reads "per user", "per round", "per request", "max 30s" or "pool 20". Errors say what to write
// instead.
func ParseConnections(text string) (Connections, error) {
	for keep, name := range keepNames {
		if text == name {
			return Connections{Keep: Keep(keep)}, nil
		}
	}
	if age, ok := strings.CutPrefix(text, "max "); ok {
		d, err := unit.ParseDuration(age)
		if err == nil && d < time.Second {
			err = fmt.Errorf("%s is too short; write at least max 1s, or per request", age)
		}
		return Connections{MaxAge: d}, err
	}
	if most, ok := strings.CutPrefix(text, "pool "); ok {
		n, err := strconv.Atoi(most)
		if err != nil || n < 1 || n > MostPooled {
			return Connections{}, fmt.Errorf("%q is not a number of connections from 1 to %d; write one such as "+
				"pool 20", most, MostPooled)
		}
		return Connections{Pool: n}, nil
	}
	return Connections{}, errors.New("write per user, per round, per request, an age such as max 30s, or pool 20")
}
