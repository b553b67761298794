package workers

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/regular"
)

// NATS names a NATS server that is there already, by flags. Check reads them.
type NATS struct {
	link.Outside
	creds string // file
}

// largestCreds is how many bytes a file of credentials may have.
const largestCreds = 64 << 10

// Add adds the flags; the help of the first one is about.
func (n *NATS) Add(cmd *cobra.Command, about string) {
	cmd.Flags().StringVar(&n.URL, "nats", "", about+", such as tls://nats.example.com:4222")
	cmd.Flags().StringVar(&n.creds, "nats-creds", "", "credentials file for --nats")
}

// Asked says whether a server is named.
func (n *NATS) Asked() bool { return n.URL != "" }

// Check reads the credentials, and says what is wrong with the flags.
func (n *NATS) Check() error {
	switch {
	case !n.Asked() && n.creds != "":
		return errors.New("--nats-creds is for a NATS server: name it with --nats")
	case !n.Asked():
		return nil
	}
	if err := n.Outside.Check(); err != nil {
		return fmt.Errorf("--nats: %w", err)
	}
	if n.creds == "" {
		return nil
	}
	text, err := regular.Read(n.creds, largestCreds)
	if err == nil {
		err = link.CheckCreds(text)
	}
	if err != nil {
		return fmt.Errorf("--nats-creds %s: %w", n.creds, failure.WithoutPath(err))
	}
	n.Creds = text
	return nil
}
