package target

import (
	"errors"
	"fmt"
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

// Connections is the policy for the connections of all users. With any of them a user has at most one connection to an
// origin, and shares it with nobody. The zero value keeps connections as long as the services do.
type Connections struct {
	Keep Keep
	// MaxAge is how old a connection may be that carries another request, from the beginning of connecting on; 0: any
	// age. It ends no request.
	MaxAge time.Duration
}

// String is the policy as ParseConnections reads it: "per round", "max 30s".
func (c Connections) String() string {
	if c.MaxAge > 0 {
		return "max " + unit.Compact(c.MaxAge)
	}
	return keepNames[c.Keep]
}

// ParseConnections reads "per user", "per round", "per request" or "max 30s". Errors say what to write instead.
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
	return Connections{}, errors.New("write per user, per round, per request, or an age such as max 30s")
}
