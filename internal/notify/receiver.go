package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Receiver is where messages go, and as what. Printed it is its host.
type Receiver struct {
	format  Format
	webhook webhook
	key     string
}

// Receiver reads where to send: to the address of a webhook, which is a secret, or to a service that takes a key, at
// its own address if none is given. The error quotes neither.
func (f Format) Receiver(address, key string) (Receiver, error) {
	if !f.Keyed() {
		to, err := parseWebhook(address)
		return Receiver{f, to, ""}, err
	}
	to, err := parseWebhook(cmp.Or(address, f.pager.address))
	switch {
	case err != nil:
		return Receiver{}, errors.New("it does not hold the address of the service, which begins with https://")
	case to.address.RawQuery != "" || to.address.Fragment != "":
		return Receiver{}, errors.New("write the address of the service without a query, such as " + f.pager.address)
	case key == "":
		return Receiver{}, errors.New("the key is empty")
	}
	return Receiver{f, to, key}, nil
}

// String is the host.
func (r Receiver) String() string { return r.webhook.String() }

// GoString is the host too.
func (r Receiver) GoString() string { return r.String() }

// SendVerdict sends the summary of a verdict, with a link to the CI job; "": there is none. A message whose answer was
// lost is sent again, and may arrive twice; a service that pages knows it by its key. The error is an *Error, or that
// of ctx.
func (c *Client) SendVerdict(ctx context.Context, to Receiver, v *Verdict, link string) error {
	if to.format.body != nil {
		return c.post(ctx, to, to.format.body(v, link), "")
	}
	return c.SendEvent(ctx, to, v.event(), link)
}

// SendEvent is SendVerdict for an event.
func (c *Client) SendEvent(ctx context.Context, to Receiver, e Event, link string) error {
	body, path := to.format.event(e, link)
	return c.post(ctx, to, body, path)
}

func (c *Client) post(ctx context.Context, to Receiver, body any, path string) error {
	r := request{
		method: http.MethodPost, secret: newSecret(to.webhook.address.String()),
		header: http.Header{"Content-Type": {"application/json"}, "User-Agent": {"loadgate"}}, words: briefly,
	}
	address := *to.webhook.address
	if p := to.format.pager; p != nil {
		base, err := url.Parse(strings.TrimSuffix(address.String(), "/") + p.path + path)
		if err != nil {
			return errors.New("the address cannot be read")
		}
		address = *base
		if fields, ok := body.(object); ok {
			p.keyed(to.key, r.header, fields)
		}
		// The address of a service is no secret, but for a user in it.
		r.secret, r.words = append(newSecret(address.User.String()), to.key), messageOf
	}
	r.address = address.String()
	var err error
	if r.body, err = json.Marshal(body); err != nil {
		return err
	}
	return c.retry(ctx, func(ctx context.Context) error {
		_, _, err := c.exchange(ctx, r)
		return err
	})
}

// briefly is what Slack and its kin answer.
func briefly(body []byte) string {
	if text := string(body); len(text) <= 40 && code.MatchString(text) {
		return text
	}
	return ""
}

// messageOf is what a service that pages answers: a message, and what was wrong with the event.
func messageOf(body []byte) string {
	var doc struct {
		Message string   `json:"message"`
		Errors  []string `json:"errors"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	return strings.Join(append([]string{doc.Message}, doc.Errors...), "; ")
}
