// Package testport finds ports for servers that tests start in other processes.
package testport

import (
	"errors"
	"net"
	"os"
	"strconv"
	"sync/atomic"
)

// Ports from first to last lie below those that systems give to whoever asks for any, so that no other
// test's server takes one between its choice and its use.
const (
	first = 10_000
	last  = 29_999
)

var taken atomic.Int64

// Free is a port of 127.0.0.1 that nobody listens on; each call gives another one. It begins at a place
// of this process, since test binaries run at the same time. It is safe for concurrent use.
func Free() (int, error) {
	const many = last - first + 1
	for range many {
		port := first + (int64(os.Getpid())*97+taken.Add(1))%many
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.FormatInt(port, 10)))
		if err == nil {
			return int(port), l.Close()
		}
	}
	return 0, errors.New("every port from 10000 to 29999 is in use")
}
