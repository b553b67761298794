// Package hub is the NATS server of a fleet, in this process: what the workers of a run connect to.
package hub

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
)

// Hub is a running server. It keeps no message: what is lost on its way is asked for again.
type Hub struct {
	server   *server.Server
	secret   fleet.Secret
	password string // of the coordinator
}

const (
	readyWithin = 5 * time.Second
	// handshakeWithin is long: the machines of a fleet may be busy while they join.
	handshakeWithin = 30 * time.Second
	largest         = 8 << 20 // bytes of a message
)

// Start starts a hub with an identity of its own: StartAs with a new seed.
func Start(address string) (*Hub, error) { return StartAs(NewSeed(), address) }

// StartAs listens at an address, host and port; port 0 takes any. Only TLS 1.3 is spoken there, with the certificate
// of the seed, and only holders of the seed's secret may join.
func StartAs(seed Seed, address string) (*Hub, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%s is no address to listen at: write one such as 10.0.0.7:7422", address)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%s is no port: write a number from 0 to 65535", portText)
	}
	certificate, err := seed.certificate()
	if err != nil {
		return nil, err
	}
	h := &Hub{password: newPassword()}
	if h.secret, err = seed.secret(certificate); err != nil {
		return nil, err
	}
	options := &server.Options{
		Host: host, Port: int(port), NoSigs: true, NoLog: true, NoSystemAccount: true, MaxPayload: largest,
		TLS: true, TLSHandshakeFirst: true, TLSTimeout: handshakeWithin.Seconds(),
		AuthTimeout: handshakeWithin.Seconds(),
		TLSConfig:   &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{certificate}},
		Users: []*server.User{
			{Username: link.CoordinatorUser, Password: h.password, Permissions: coordinatorRights()},
			{Username: link.WorkerUser, Password: h.secret.Token, Permissions: workerRights()},
		},
	}
	if options.Host == "" {
		options.Host = server.DEFAULT_HOST
	}
	if port == 0 {
		options.Port = server.RANDOM_PORT
	}
	if h.server, err = server.NewServer(options); err != nil {
		return nil, fmt.Errorf("start the hub: %w", err)
	}
	// The server does not say why it cannot listen, so that is tried before.
	probe, err := net.Listen("tcp", address)
	if err != nil {
		if errno, ok := errors.AsType[syscall.Errno](err); ok {
			err = errno
		}
		return nil, fmt.Errorf("listen at %s: %w", address, err)
	}
	if err := probe.Close(); err != nil {
		return nil, fmt.Errorf("start the hub: %w", err)
	}
	h.server.Start()
	if !h.server.ReadyForConnections(readyWithin) {
		h.Close()
		return nil, errors.New("start the hub: it does not accept connections")
	}
	return h, nil
}

// workerRights are the subjects of a worker: it asks and tells, and hears what the coordinator says.
func workerRights() *server.Permissions {
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: []string{
			fleet.JoinSubject, fleet.ClockSubject, fleet.FilesSubject("*"), fleet.RoundSubject("*"),
			fleet.StatusSubject("*"), fleet.AnyJournalSubject("*"),
		}},
		Subscribe: &server.SubjectPermission{Allow: []string{
			fleet.LeaseSubject("*"), fleet.AnyResendSubject("*"), link.WorkerInbox + ".>",
		}},
	}
}

// coordinatorRights are the subjects of a coordinator.
func coordinatorRights() *server.Permissions {
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: []string{
			fleet.LeaseSubject("*"), fleet.AnyResendSubject("*"), link.WorkerInbox + ".>",
		}},
		Subscribe: &server.SubjectPermission{Allow: []string{
			fleet.JoinSubject, fleet.ClockSubject, fleet.FilesSubject("*"), fleet.RoundSubject("*"),
			fleet.StatusSubject("*"), fleet.AnyJournalSubject("*"), link.CoordinatorInbox + ".>",
		}},
	}
}

// Secret is what workers join with.
func (h *Hub) Secret() fleet.Secret { return h.secret }

// Address is where the hub listens, as host and port.
func (h *Hub) Address() string { return h.server.Addr().String() }

// Connect connects the coordinator.
func (h *Hub) Connect() (*link.Conn, error) { return link.Serve(h.server, h.password) }

// Workers is how many connections of workers there are.
func (h *Hub) Workers() int { return max(h.server.NumClients()-1, 0) }

// Close ends the server and all connections.
func (h *Hub) Close() {
	h.server.Shutdown()
	h.server.WaitForShutdown()
}

// newPassword is one of 256 random bits. It never leaves the process, and so does not derive from the seed.
func newPassword() string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(bits[:])
}
