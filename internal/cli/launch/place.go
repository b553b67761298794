package launch

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/failure"
)

// portMark is replaced in a command by the port to listen on.
const portMark = "{port}"

// Place finds out where a side of a comparison listens, and writes that into the command that starts it. Flag is the
// name of its flag, a or b.
func Place(flag, address, command string) (at, started string, err error) {
	switch {
	case address == "" && command == "":
		return "", "", failure.WithHint(fmt.Errorf("side %s is missing", strings.ToUpper(flag)),
			fmt.Sprintf("write --%s URL, or --%s-cmd 'COMMAND --port {port}' to have it started", flag, flag))

	case address == "" && !strings.Contains(command, portMark):
		return "", "", failure.WithHint(fmt.Errorf("--%s-cmd: it does not say where it listens", flag),
			fmt.Sprintf("write {port} for its port, which takes a free one, or add --%s URL", flag))

	case address == "":
		port, err := freePort()
		if err != nil {
			return "", "", failure.CouldNotRun(fmt.Errorf("find a free port: %w", err))
		}
		address = "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	if !strings.Contains(command, portMark) {
		return address, command, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Port() == "" {
		return "", "", fmt.Errorf("--%s %s: it has no port to use for {port}; write one, such as "+
			"http://127.0.0.1:8001", flag, address)
	}
	return address, strings.ReplaceAll(command, portMark, u.Port()), nil
}

// freePort is a port of this machine that is free at this moment.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	return port, l.Close()
}
