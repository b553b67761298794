package notify

import (
	"errors"
	"net/url"
	"regexp"
)

// webhook is an address that takes messages. The address is a secret; printed
// it is its host.
type webhook struct{ address *url.URL }

// parseWebhook reads the address of a webhook. The error does not quote it.
func parseWebhook(text string) (webhook, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return webhook{}, errors.New("it does not hold the address of a webhook, which begins with https://")
	}
	return webhook{u}, nil
}

// String is the host.
func (w webhook) String() string {
	if w.address == nil {
		return ""
	}
	return w.address.Host
}

// GoString is the host too.
func (w webhook) GoString() string { return w.String() }

// code is how Slack and its kin name what was wrong; longer texts may quote
// the address.
var code = regexp.MustCompile(`^[a-z]+(_[a-z]+){0,5}$`)
