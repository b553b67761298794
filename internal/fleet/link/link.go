// Package link connects the machines of a fleet: messages of package fleet over NATS. Every message is checked
// before anybody sees it.
package link

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/loadgate/loadgate/internal/fleet"
)

// Names of the two users of a hub, and how their answers are addressed: neither can read those to the other.
const (
	CoordinatorUser  = "coordinator"
	WorkerUser       = "worker"
	CoordinatorInbox = "_INBOX.coordinator"
	WorkerInbox      = "_INBOX.worker"
)

// Conn is a connection to a hub. A lost one is made again without end, until Close. It is safe for
// concurrent use.
type Conn struct{ nats *nats.Conn }

// How long a connection and an answer may take, and how often a lost connection is tried again.
const (
	connectWithin = 5 * time.Second
	answerWithin  = 5 * time.Second
	againAfter    = 500 * time.Millisecond
	pingEvery     = 5 * time.Second
)

// Message is one that says what is wrong with it.
type Message interface{ Check() error }

// Join connects a worker to the hub at an address, host and port, by TLS 1.3 with the certificate of the secret.
// Lost, unless nil, is called when the connection is lost and when it is there again. ErrUnreachable: nothing
// answers there, and a later try may succeed.
func Join(address string, secret fleet.Secret, lost func(error)) (*Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return nil, errors.New("the hub's address has a host and a port: write one such as 10.0.0.7:7422")
	}
	conn, err := connect("tls://"+address, WorkerUser, WorkerInbox, lost,
		nats.UserInfo(WorkerUser, secret.Token), nats.TLSHandshakeFirst(),
		nats.Secure(&tls.Config{
			MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, // by authorities; the pin is stronger
			VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error { return secret.Verify(raw) },
		}))
	if err != nil {
		return nil, explain(address, err)
	}
	return conn, nil
}

// Serve connects the coordinator to a hub in this process.
func Serve(hub nats.InProcessConnProvider, password string) (*Conn, error) {
	return connect("", CoordinatorUser, CoordinatorInbox, nil,
		nats.InProcessServer(hub), nats.UserInfo(CoordinatorUser, password))
}

func connect(address, name, inbox string, lost func(error), options ...nats.Option) (*Conn, error) {
	if lost == nil {
		lost = func(error) {}
	}
	options = append(options,
		nats.Name("loadgate "+name), nats.CustomInboxPrefix(inbox), nats.Timeout(connectWithin),
		nats.MaxReconnects(-1), nats.ReconnectWait(againAfter), nats.PingInterval(pingEvery),
		nats.IgnoreDiscoveredServers(),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { lost(err) }),
		nats.ReconnectHandler(func(*nats.Conn) { lost(nil) }),
		// A slow reader loses messages, and asks for them again; there is nothing to print.
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}),
	)
	conn, err := nats.Connect(address, options...)
	if err != nil {
		return nil, err
	}
	return &Conn{conn}, nil
}

// ErrUnreachable is the error of a hub that does not answer, perhaps not yet.
var ErrUnreachable = errors.New("no hub answers")

// explain says in the words of a fleet why a hub could not be joined. What trying again cannot mend ends at once: a
// wrong secret, another hub, and a server that is no hub. A busy machine has many other words for being late.
func explain(address string, err error) error {
	var noTLS tls.RecordHeaderError
	switch {
	case errors.Is(err, nats.ErrAuthorization):
		return fmt.Errorf("%s: the join secret is not the hub's: copy the one that the run printed", address)
	case errors.Is(err, fleet.ErrPin), errors.As(err, &noTLS):
		return fmt.Errorf("%s: %w", address, err)
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreachable, address, err)
}

// Close ends the connection. What was published before is on its way.
func (c *Conn) Close() {
	_ = c.nats.FlushTimeout(time.Second) // the other side asks again for what it lacks
	c.nats.Close()
}

// Ask sends a question and waits for the answer, for a few seconds at most.
func Ask[A Message](ctx context.Context, c *Conn, subject string, question any) (answer A, err error) {
	text, err := json.Marshal(question)
	if err != nil {
		return answer, err
	}
	within, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	reply, err := c.nats.RequestWithContext(within, subject, text)
	switch {
	case ctx.Err() != nil:
		return answer, ctx.Err()
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded):
		return answer, fmt.Errorf("%w: the coordinator is silent", ErrUnreachable)
	case err != nil:
		return answer, err
	}
	return decode[A](reply.Data)
}

func decode[M Message](text []byte) (m M, err error) {
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("a damaged message: %w", err)
	}
	if err := m.Check(); err != nil {
		return m, fmt.Errorf("a message that cannot be: %w", err)
	}
	return m, nil
}

// Answer answers questions; those that fail check or cannot be read are dropped. Answers of one subject are
// given one after the other.
func Answer[Q any](c *Conn, subject string, check func(Q) error, answer func(Q) any) error {
	return c.hear(subject, func(m *nats.Msg) {
		if !strings.HasPrefix(m.Reply, WorkerInbox+".") {
			return // an answer elsewhere would be a message of ours
		}
		var q Q
		if len(m.Data) > 0 && json.Unmarshal(m.Data, &q) != nil || check(q) != nil {
			return
		}
		if text, err := json.Marshal(answer(q)); err == nil {
			_ = m.Respond(text) // who hears no answer asks again
		}
	})
}

// Hear reads what is published; what fails check or cannot be read is dropped. The messages of one subject
// come one after the other.
func Hear[M any](c *Conn, subject string, check func(M) error, read func(M)) error {
	return c.hear(subject, func(m *nats.Msg) {
		var message M
		if json.Unmarshal(m.Data, &message) == nil && check(message) == nil {
			read(message)
		}
	})
}

// HearBytes is Hear for messages that are no JSON.
func (c *Conn) HearBytes(subject string, read func([]byte)) error {
	return c.hear(subject, func(m *nats.Msg) { read(m.Data) })
}

func (c *Conn) hear(subject string, read func(*nats.Msg)) error {
	_, err := c.nats.Subscribe(subject, read)
	return err
}

// Publish sends a message to whoever hears it. That nobody does is no error.
func (c *Conn) Publish(subject string, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return c.nats.Publish(subject, text)
}

// PublishBytes is Publish for a message that is no JSON.
func (c *Conn) PublishBytes(subject string, message []byte) error {
	return c.nats.Publish(subject, message)
}

// Flush waits until the hub has what was published and subscribed, for a few seconds at most.
func (c *Conn) Flush() error { return c.nats.FlushTimeout(answerWithin) }
