package client

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"

	"github.com/loadgate/loadgate/internal/client/socket"
	"github.com/loadgate/loadgate/internal/metric"
)

// fullPause is how long a dial waits before it knocks again at a socket whose
// backlog is full.
const fullPause = 5 * time.Millisecond

// dialSocket connects to a unix socket. A socket whose backlog is full fails at
// once, where TCP would retransmit for seconds: this waits as TCP does, so that a
// ramp ends in the same way over both.
func (c *Client) dialSocket(ctx context.Context, path string) (socket.Raw, error) {
	for {
		conn, err := c.dialer.DialContext(ctx, "unix", path)
		if err == nil {
			return conn.(socket.Raw), nil // "unix" gives a *net.UnixConn
		}
		if !errors.Is(err, syscall.EAGAIN) {
			return nil, err
		}
		again := time.NewTimer(fullPause)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return nil, ctx.Err()
		}
	}
}

// socketFault classifies an error of connecting to a unix socket.
func socketFault(ctx context.Context, path string, within limit, err error) fault {
	switch {
	case ctx.Err() != nil:
		return fault{kind: metric.Timeout, detail: Stopped}
	case errors.Is(err, fs.ErrNotExist):
		return fault{kind: metric.Refused, detail: fmt.Sprintf("no socket at %s; is the service running?", path)}
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault{kind: metric.Refused,
			detail: fmt.Sprintf("nobody listens on the socket %s; is the service running?", path)}
	case errors.Is(err, fs.ErrPermission):
		return fault{kind: metric.Refused,
			detail: fmt.Sprintf("no permission to use the socket %s; run as a user that may write to it", path)}
	}
	return dialFault(ctx, within, err)
}
