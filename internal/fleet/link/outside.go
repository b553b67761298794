package link

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/unit"
)

// Outside is a NATS server, or a cluster of several, that somebody else runs, and how it lets us in. Whoever may
// read our subjects there reads what is measured; files and variables of the load are sealed to each worker. The
// zero value is none.
type Outside struct {
	URL   string // nats:// or tls://; those of a cluster separated by commas. It may hold a user and a password
	Creds []byte // of a credentials file; nil: the URL alone lets us in
}

// smallestPayload is how many bytes a message has to hold: a Piece, in base64.
const smallestPayload = 512 << 10

// Check says what is wrong with the URL, and never shows a password in it.
func (o Outside) Check() error {
	for one := range strings.SplitSeq(o.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" {
			return errors.New("that is no address of a NATS server: write one such as nats://10.0.0.9:4222 or " +
				"tls://nats.example.com:4222; in a password # is %23, and % is %25")
		}
	}
	return nil
}

// CheckCreds says what is wrong with the text of a credentials file.
func CheckCreds(text []byte) error {
	_, err := nkeys.ParseDecoratedJWT(text)
	if err == nil {
		_, err = nkeys.ParseDecoratedUserNKey(text)
	}
	if err != nil {
		return errors.New("that is no credentials file of NATS, which has the token and the key of a user")
	}
	return nil
}

// String is the URL without what lets us in.
func (o Outside) String() string {
	var shown []string
	for one := range strings.SplitSeq(o.URL, ",") {
		if u, err := url.Parse(strings.TrimSpace(one)); err == nil {
			u.User, u.RawQuery, u.Fragment = nil, "", ""
			shown = append(shown, u.String())
		}
	}
	return strings.Join(shown, ",")
}

// GoString is String: %#v shows no more.
func (o Outside) GoString() string { return o.String() }

// JoinOutside connects a worker. The secret names the subjects of its fleet, proves to the coordinator that the
// worker has it, and holds the coordinator's key in the place of a certificate. Lost and the error are as in Join.
func JoinOutside(o Outside, secret fleet.Secret, lost func(error)) (*Conn, error) {
	return o.connect(WorkerUser, WorkerInbox, secret, lost)
}

// ServeOutside connects the coordinator, whose key is the one that the secret holds.
func ServeOutside(o Outside, secret fleet.Secret, key Key) (*Conn, error) {
	conn, err := o.connect(CoordinatorUser, CoordinatorInbox, secret, nil)
	if err == nil {
		conn.key = key
	}
	return conn, err
}

func (o Outside) connect(name, inbox string, secret fleet.Secret, lost func(error)) (*Conn, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	var options []nats.Option
	if o.Creds != nil {
		options = append(options, nats.UserCredentialBytes(o.Creds))
	}
	prefix := secret.Subjects() + "."
	conn, err := connect(o.URL, name, prefix+inbox, lost, options...)
	if err != nil {
		return nil, o.explain(err)
	}
	conn.prefix, conn.secret = prefix, &secret
	if most := conn.nats.MaxPayload(); most < smallestPayload {
		conn.Close()
		return nil, fmt.Errorf("%s takes messages of at most %s: set its max_payload to 1MB or more", o,
			unit.Quantity{Value: float64(most), Unit: unit.Bytes})
	}
	// What it does not permit it says of a message, not of the connection.
	if err := errors.Join(conn.PublishBytes("permitted", nil), conn.Flush()); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// explain says why a server did not let us in.
func (o Outside) explain(err error) error {
	if errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) {
		return fmt.Errorf("%s does not let us in: name the credentials with --nats-creds FILE, or write user and "+
			"password into the URL", o)
	}
	return fmt.Errorf("%w at %s: %s", ErrUnreachable, o, inPlainWords(err))
}
