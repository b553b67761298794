package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/unit"
)

// The details that are about this machine or the caller, not the service: judging
// a run has to distinguish them.
const (
	// Stopped is the Detail of an exchange, of kind Timeout, that ended because
	// its context did.
	Stopped = "stopped"
	// NoDescriptors is the Detail, of kind Refused, of a connection that this
	// machine could not open because it had no file descriptors left.
	NoDescriptors = "this machine is out of file descriptors; raise the limit (ulimit -n)"
	// NoPorts is the Detail, of kind Refused, of a connection for which this
	// machine had no free port or address.
	NoPorts = "this machine has no free local port or address towards that host; reuse connections or spread the load"
)

// fault is how an exchange ended. The zero value is a success.
type fault struct {
	kind      metric.Failure
	detail    string
	cause     metric.Cause
	forbidden bool // the allow list stood against it
}

func (f fault) bad() bool { return f.kind != metric.OK }

// limit is the moment by which something must be over, and how the caller
// wrote it.
type limit struct {
	at  time.Time
	was time.Duration
}

func isTimeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, syscall.ECONNABORTED) || errors.Is(err, net.ErrClosed)
}

// inner is an error's cause without the addresses that package net writes
// before it: with an ephemeral port in it no two details would be the same.
func inner(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// resolveFault classifies an error of name resolution. All are DNS: also a
// resolver that does not answer, or that returns forbidden addresses.
func resolveFault(ctx context.Context, host string, within limit, err error) fault {
	if ctx.Err() != nil {
		return fault{kind: metric.Timeout, detail: Stopped}
	}
	if machine := machineFault(err); machine.bad() {
		return machine
	}
	refused, forbidden := errors.AsType[*HostError](err)
	cause, resolver := errors.AsType[*net.DNSError](err)
	switch {
	case forbidden:
		return fault{kind: metric.DNS, detail: refused.Error(), forbidden: true}
	case descriptorsOut():
		return fault{kind: metric.Refused, cause: metric.OwnMachine, detail: NoDescriptors}
	case isTimeout(err) || resolver && cause.IsTimeout:
		return fault{kind: metric.DNS, detail: fmt.Sprintf("name %q not resolved within %v", host, within.was)}
	case resolver && cause.IsNotFound:
		return fault{kind: metric.DNS, detail: fmt.Sprintf("no such host %q", host)}
	}
	return fault{kind: metric.DNS, detail: fmt.Sprintf("resolve %q: %v", host, inner(err))}
}

// dialFault classifies an error of the TCP connect.
func dialFault(ctx context.Context, within limit, err error) fault {
	if ctx.Err() != nil {
		return fault{kind: metric.Timeout, detail: Stopped}
	}
	if machine := machineFault(err); machine.bad() {
		return machine
	}
	switch {
	case isTimeout(err) || errors.Is(err, syscall.ETIMEDOUT):
		return fault{kind: metric.Timeout, detail: fmt.Sprintf("no connection within %v", within.was)}
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault{kind: metric.Refused, detail: "connection refused"}
	case errors.Is(err, syscall.EHOSTUNREACH):
		return fault{kind: metric.Refused, detail: "host unreachable"}
	case errors.Is(err, syscall.ENETUNREACH):
		return fault{kind: metric.Refused, detail: "network unreachable"}
	case isReset(err):
		return fault{kind: metric.Reset, detail: "connection reset while connecting"}
	}
	return fault{kind: metric.Refused, detail: fmt.Sprintf("connect: %v", inner(err))}
}

// machineFault finds what this machine, not the service, ran out of.
func machineFault(err error) fault {
	switch {
	case errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE):
		return fault{kind: metric.Refused, cause: metric.OwnMachine, detail: NoDescriptors}
	case errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EADDRINUSE):
		return fault{kind: metric.Refused, cause: metric.OwnMachine, detail: NoPorts}
	}
	return fault{}
}

// descriptorsOut reports whether this machine is out of file descriptors now.
// The resolver does not say so: it reads its files and sockets, gets none, and
// calls even localhost unknown.
func descriptorsOut() bool {
	f, err := os.Open(os.DevNull)
	if err != nil {
		return machineFault(err).bad()
	}
	_ = f.Close() // nothing was written
	return false
}

const noHTTP2 = "the server does not offer HTTP/2; write http: 1.1"

// tlsFault classifies an error of the TLS handshake.
func (c *Client) tlsFault(ctx context.Context, o *origin, within limit, err error) fault {
	if ctx.Err() != nil {
		return fault{kind: metric.Timeout, detail: Stopped}
	}
	if isTimeout(err) {
		return fault{kind: metric.Timeout, detail: fmt.Sprintf("no TLS connection within %v", within.was)}
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return fault{kind: metric.TLS, detail: "the server's certificate is signed by an authority that this machine " +
			"does not know; install its root certificate"}
	}
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		return fault{kind: metric.TLS, detail: fmt.Sprintf(
			"the server's certificate is not valid for %q; use a host name that it names", name.Host)}
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if invalid.Reason == x509.Expired {
			return fault{kind: metric.TLS, detail: "the server's certificate has expired or is not valid yet; renew " +
				"it, or set this machine's clock"}
		}
		return fault{kind: metric.TLS, detail: "the server's certificate is not valid: " + invalid.Error()}
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return fault{kind: metric.TLS, detail: "the server does not speak TLS on this port; write http://"}
	}
	if alert, ok := alertOf(err); ok {
		if c.at(o).speaks == target.HTTP2 && alert == "tls: no application protocol" {
			return fault{kind: metric.TLS, detail: noHTTP2}
		}
		return fault{kind: metric.TLS, detail: refusal(alert)}
	}
	if errors.Is(err, io.EOF) || isReset(err) {
		return fault{kind: metric.TLS, detail: "the server closed the connection during the TLS handshake"}
	}
	return fault{kind: metric.TLS, detail: fmt.Sprintf("TLS handshake: %v", inner(err))}
}

// alertOf is what a TLS server said when it ended a connection.
func alertOf(err error) (text string, ok bool) {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "remote error" { // an alert, whose type crypto/tls hides
		return "", false
	}
	return op.Err.Error(), true
}

// refusal words an alert. TLS 1.3 has one for a missing certificate; before it,
// servers call that a bad one, or a failure.
func refusal(alert string) string {
	switch alert {
	case "tls: certificate required":
		return "the server asks for a client certificate; write target.tls.cert and target.tls.key"
	case "tls: bad certificate", "tls: unknown certificate", "tls: unknown certificate authority",
		"tls: handshake failure":
		return "the server refused the TLS handshake: " + alert +
			"; where it asks for a client certificate, write target.tls.cert and target.tls.key"
	}
	return "the server refused the TLS handshake: " + alert
}

// wireFault classifies an error of writing a request or reading its answer, of
// which so many bytes had come.
func wireFault(ctx context.Context, within limit, received int64, err error) fault {
	alert, isAlert := alertOf(err)
	switch {
	case ctx.Err() != nil:
		return fault{kind: metric.Timeout, detail: Stopped}
	case isAlert && received == 0: // with TLS 1.3 the handshake is over before the server has looked at everything
		return fault{kind: metric.TLS, detail: refusal(alert)}
	case isTimeout(err):
		return tooLate(within, received > 0)
	case received > 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return fault{kind: metric.Reset,
			detail: fmt.Sprintf("the server closed the connection after %s of the answer's head",
				unit.Counted(int(received), "byte"))}
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return fault{kind: metric.Reset, detail: "the server closed the connection without an answer"}
	case isReset(err):
		return fault{kind: metric.Reset,
			detail: fmt.Sprintf("connection reset after %s", unit.Counted(int(received), "byte"))}
	}
	return fault{kind: metric.Reset, detail: fmt.Sprintf("connection broken after %s: %v",
		unit.Counted(int(received), "byte"), inner(err))}
}

// tooLate is the fault of an answer that was not complete in time; begun: some of
// it came.
func tooLate(within limit, begun bool) fault {
	if begun {
		return fault{kind: metric.Timeout, detail: fmt.Sprintf("answer not complete within %v", within.was)}
	}
	return fault{kind: metric.Timeout, detail: fmt.Sprintf("no answer within %v", within.was)}
}

// quoted is what a message shows of a text that came from the service.
func quoted[T string | []byte](text T, most int) string {
	return safetext.Quoted(string(text[:min(len(text), most+4)]), most)
}

func tooLarge(maxBody int64) fault {
	return fault{kind: metric.TooLarge, detail: "the body is larger than " + sizeText(maxBody)}
}

func sizeText(n int64) string {
	return unit.Quantity{Value: float64(n), Unit: unit.Bytes}.String()
}
