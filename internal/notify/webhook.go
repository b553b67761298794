package notify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
)

// Webhook is an address that takes messages. The address is a secret; printed
// it is its host.
type Webhook struct{ address *url.URL }

// ParseWebhook reads the address of a webhook. The error does not quote it.
func ParseWebhook(text string) (Webhook, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Webhook{}, errors.New("it does not hold the address of a webhook, which begins with https://")
	}
	return Webhook{u}, nil
}

// String is the host.
func (w Webhook) String() string {
	if w.address == nil {
		return ""
	}
	return w.address.Host
}

// GoString is the host too.
func (w Webhook) GoString() string { return w.String() }

// code is how Slack and its kin name what was wrong; longer texts may quote
// the address.
var code = regexp.MustCompile(`^[a-z]+(_[a-z]+){0,5}$`)

// Post sends a body to a webhook. A message whose answer was lost is sent
// again, and may arrive twice. The error is an *Error, or that of ctx.
func (c *Client) Post(ctx context.Context, to Webhook, body []byte) error {
	r := request{
		method: http.MethodPost, address: to.address.String(), body: body, secret: newSecret(to.address.String()),
		header: http.Header{"Content-Type": {"application/json"}, "User-Agent": {"loadgate"}},
		words: func(body []byte) string {
			if text := string(body); len(text) <= 40 && code.MatchString(text) {
				return text
			}
			return ""
		},
	}
	return c.retry(ctx, func(ctx context.Context) error {
		_, _, err := c.exchange(ctx, r)
		return err
	})
}
