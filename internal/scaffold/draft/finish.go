package draft

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/target"
)

// Finish applies the options, makes comments of steps that cannot be read back, and sizes the load.
func (d *Draft) Finish(o Options) (*Draft, error) {
	if o.Name != "" {
		d.Name = o.Name
	}
	if d.URL != "" { // else it is limits alone
		if err := d.check(); err != nil {
			return nil, err
		}
	}
	d.load = smallest
	d.commentUnreadable()
	if d.URL != "" {
		if err := d.check(); err != nil { // whose group has nothing left to send
			return nil, err
		}
	}
	if _, err := d.Encode(); err != nil {
		return nil, err
	}
	if d.URL != "" {
		if err := d.fitLoad(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// check looks at where the service is, and sets aside the groups that have nothing to send.
func (d *Draft) check() error {
	address, err := plainAddress(d.URL)
	if err != nil {
		return err
	}
	d.URL = address
	d.setIdleAside()
	if len(d.Groups) > 0 {
		return nil
	}
	if len(d.idle) == 0 {
		return errors.New("it has no request that can be sent unchanged")
	}
	d.Groups = []*Group{{Name: d.UnusedGroup("reader"), Wait: "1s..5s", Steps: []*Step{{
		Method: "GET", Path: "/", Looks: []string{"no request can be sent unchanged: what do users read?"},
	}}}}
	if !slices.ContainsFunc(d.Rules, Rule.isLive) {
		d.GuessRules()
	}
	return nil
}

// plainAddress is the address of a service without a user, a query and a fragment.
func plainAddress(text string) (string, error) {
	if scheme, _, _ := strings.Cut(text, "://"); strings.HasSuffix(scheme, "unix") {
		a, err := target.Parse(text)
		if err != nil {
			return "", fmt.Errorf("the service's address: %w", err)
		}
		return a.Text, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%q is not the address of a service: write one such as http://localhost:8000 with --host",
			target.WithoutCredentials(text))
	}
	if err := target.CheckHost(u.Hostname()); err != nil {
		return "", fmt.Errorf("the service's address: %w", err)
	}
	return strings.TrimSuffix((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), "/"), nil
}

// setIdleAside makes comments of the groups that have nothing to send.
func (d *Draft) setIdleAside() {
	if d.order == nil {
		d.order = slices.Clone(d.Groups)
	}
	d.Groups = slices.DeleteFunc(d.Groups, func(g *Group) bool {
		if slices.ContainsFunc(g.Steps, func(s *Step) bool { return !s.Commented }) {
			return false
		}
		d.idle = append(d.idle, g)
		return true
	})
}
