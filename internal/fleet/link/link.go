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
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/unit"
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
type Conn struct {
	nats   *nats.Conn
	prefix string        // of all subjects on a server that others use too
	secret *fleet.Secret // by which the two sides know each other there; nil: the hub has done that
	key    Key           // of the coordinator there; the zero value elsewhere
}

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
		nats.UserInfo(WorkerUser, secret.Token), nats.TLSHandshakeFirst(), nats.IgnoreDiscoveredServers(),
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
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { lost(err) }),
		nats.ReconnectHandler(func(*nats.Conn) { lost(nil) }),
		// A slow reader loses messages, and asks for them again; there is nothing to print.
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}),
	)
	conn, err := nats.Connect(address, options...)
	if err != nil {
		return nil, err
	}
	return &Conn{nats: conn}, nil
}

// Key is the pair of keys of the coordinator: the one that the join secret holds, or else a new one.
func (c *Conn) Key() (Key, error) {
	if c.key.pair != nil {
		return c.key, nil
	}
	return NewKey()
}

// Proof is what a worker with a key shows to be let in; nil: it is in already.
func (c *Conn) Proof(key string) []byte {
	if c.secret == nil {
		return nil
	}
	return c.secret.Proof(key)
}

// Proven reports whether a worker that shows a proof has the secret.
func (c *Conn) Proven(key string, proof []byte) bool {
	return c.secret == nil || c.secret.Proves(key, proof)
}

// Trust says what is wrong with the key of a coordinator.
func (c *Conn) Trust(key string) error {
	if c.secret == nil {
		return nil
	}
	return c.secret.VerifyKey(key)
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
	case errors.Is(err, fleet.ErrPin):
		return fmt.Errorf("%s: %w", address, fleet.ErrPin)
	case errors.As(err, &noTLS):
		return fmt.Errorf("%s: what answers there speaks no TLS, so it is no run of loadgate", address)
	}
	return fmt.Errorf("%w at %s: %s", ErrUnreachable, address, inPlainWords(err))
}

// inPlainWords says why a server does not answer, without the words of the libraries.
func inPlainWords(err error) string {
	var dns *net.DNSError
	var errno syscall.Errno
	switch {
	case errors.Is(err, nats.ErrNoServers): // it says this of a refused connection
		return "nothing listens there"
	case errors.Is(err, nats.ErrTimeout), os.IsTimeout(err), errors.Is(err, context.DeadlineExceeded):
		return "it does not answer in time"
	case errors.As(err, &dns):
		return "there is no host of that name"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return strings.TrimPrefix(err.Error(), "nats: ")
}

// Close ends the connection. What was published before is on its way.
func (c *Conn) Close() {
	if c.nats.IsConnected() {
		_ = c.nats.FlushTimeout(time.Second) // the other side asks again for what it lacks
	}
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
	reply, err := c.nats.RequestWithContext(within, c.prefix+subject, text)
	denied := c.denied()
	switch {
	case ctx.Err() != nil:
		return answer, ctx.Err()
	case err != nil && denied != nil:
		return answer, denied
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
		if !strings.HasPrefix(m.Reply, c.prefix+WorkerInbox+".") {
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
	_, err := c.nats.Subscribe(c.prefix+subject, read)
	return err
}

// Publish sends a message to whoever hears it. That nobody does is no error.
func (c *Conn) Publish(subject string, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return c.PublishBytes(subject, text)
}

// Largest is how many bytes a message may have.
func (c *Conn) Largest() int64 { return c.nats.MaxPayload() }

// ErrTooLarge is the error of a message that the server does not take.
var ErrTooLarge = errors.New("larger than the NATS server takes")

// PublishBytes is Publish for a message that is no JSON.
func (c *Conn) PublishBytes(subject string, message []byte) error {
	err := c.nats.Publish(c.prefix+subject, message)
	if errors.Is(err, nats.ErrMaxPayload) {
		most := unit.Quantity{Value: float64(c.nats.MaxPayload()), Unit: unit.Bytes}
		return fmt.Errorf("a message is %w, %s: set its max_payload higher", ErrTooLarge, most)
	}
	return err
}

// Flush waits until the hub has what was published and subscribed, for a few seconds at most. The error says, too,
// that the server does not permit it.
func (c *Conn) Flush() error { return c.FlushWithin(answerWithin) }

// FlushWithin is Flush for so long at most.
func (c *Conn) FlushWithin(d time.Duration) error {
	if err := c.nats.FlushTimeout(d); err != nil {
		return fmt.Errorf("%w: %s", ErrUnreachable, inPlainWords(err))
	}
	return c.denied()
}

// denied is the error of a server of somebody else that does not permit what was published or subscribed; nil: it does,
// as far as it has said.
func (c *Conn) denied() error {
	if c.secret != nil && errors.Is(c.nats.LastError(), nats.ErrPermissionViolation) {
		return errors.New("the NATS server permits these credentials too little: " +
			"let them publish and subscribe to lg.>")
	}
	return nil
}
