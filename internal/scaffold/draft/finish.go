package draft

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/target"
)

// Finish is the draft with what the options say, when it can be read back.
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
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is not the address of a service: write one such as http://localhost:8000 with --host",
			d.URL)
	}
	if err := target.CheckEntry(u.Hostname()); err != nil {
		return fmt.Errorf("the service's address: %w", err)
	}
	d.URL = strings.TrimSuffix((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), "/")
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
	return nil
}

// setIdleAside makes comments of the groups that have nothing to send.
func (d *Draft) setIdleAside() {
	d.Groups = slices.DeleteFunc(d.Groups, func(g *Group) bool {
		if slices.ContainsFunc(g.Steps, func(s *Step) bool { return !s.Commented }) {
			return false
		}
		d.idle = append(d.idle, g)
		return true
	})
}
