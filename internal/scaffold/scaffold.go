// Package scaffold writes the first thresholds.yaml of a service, from what
// describes it (OpenAPI), what a browser did with it (HAR) or what was measured
// of it. What it writes is read by spec without a mistake; what a person must
// look at is marked in it. It reads no file and asks no service.
package scaffold

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/target"
)

// Options say what a draft cannot find in its source. The zero value takes what
// is there.
type Options struct {
	// URL is where the service is; empty: as the source says, else this machine's
	// port 8000.
	URL string
	// Name is the service's; empty: as the source says.
	Name string
}

// Draft is a thresholds.yaml in the making.
type Draft struct {
	origin    string // what it was made from, in words
	name      string
	url       string // empty: limits alone
	ready     string // path that says whether the service can be loaded; empty: none
	variables []variable
	groups    []*group
	idle      []*group // of which every request is a comment
	rules     []rule
	looks     []string // what a person must look at in the file as a whole
	size      size
}

// variable is a name of the environment.
type variable struct {
	name   string
	secret bool
}

// group is one kind of user.
type group struct {
	name     string
	looks    []string
	wait     string
	weighted bool
	headers  []pair
	auth     *value
	start    []*step
	steps    []*step
}

// pair is a name and the template of its value.
type pair struct{ name, text string }

// step is a request.
type step struct {
	method, path string // the path as a template
	name         string // empty: as the path makes it
	headers      []pair
	body         *body
	says         *value // what its body says where that is not how it is written; nil: it is
	expect       string
	capture      []pair
	follow       bool
	secret       bool
	shows        bool     // a secret of it is one by its own name or form
	weight       int      // 0: none
	looks        []string // what a person must look at
	loose        []loose  // ids in its path of which no answer told
	off          bool     // in the file as a comment: it would fail as it is, or do harm
}

// body is what a step sends, under its key: json, form or text.
type body struct {
	key     string
	content *value
}

// content is what the body of a step says; nil: it has none.
func (s *step) content() *value {
	switch {
	case s.says != nil:
		return s.says
	case s.body != nil:
		return s.body.content
	}
	return nil
}

// rule is a promise.
type rule struct {
	name      string
	looks     []string
	endpoints []string
	limits    []pair
}

// secret names a variable of the environment and its default, which are masked,
// and returns the template that reads it.
func (d *Draft) secret(name, otherwise string) string { return d.variable(name, otherwise, true) }

func (d *Draft) variable(name, otherwise string, secret bool) string {
	known := false
	for _, v := range d.variables {
		known = known || v.name == name
	}
	if !known {
		d.variables = append(d.variables, variable{name, secret})
	}
	return fmt.Sprintf("${ env(%s, %s) }", quoted(name), quoted(otherwise))
}

// finish is the draft with what the options say, when it can be read back.
func (d *Draft) finish(o Options) (*Draft, error) {
	if o.Name != "" {
		d.name = o.Name
	}
	if d.url != "" { // else it is limits alone
		if err := d.settle(); err != nil {
			return nil, err
		}
	}
	d.size = smallest
	d.mend()
	if d.url != "" {
		if err := d.settle(); err != nil { // who has nothing left to send
			return nil, err
		}
	}
	if _, err := d.Encode(); err != nil {
		return nil, err
	}
	if d.url != "" {
		if err := d.fit(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// settle looks at where the service is, and leaves out who has nothing to send.
func (d *Draft) settle() error {
	u, err := url.Parse(d.url)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is no address of a service: write one such as http://localhost:8000 with --host", d.url)
	}
	if err := target.CheckEntry(u.Hostname()); err != nil {
		return fmt.Errorf("the service's address: %w", err)
	}
	d.url = strings.TrimSuffix((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), "/")
	d.groups = slices.DeleteFunc(d.groups, func(g *group) bool {
		if slices.ContainsFunc(g.steps, func(s *step) bool { return !s.off }) {
			return false
		}
		d.idle = append(d.idle, g)
		return true
	})
	if len(d.groups) > 0 {
		return nil
	}
	if len(d.idle) == 0 {
		return errors.New("there is no request in it that could be sent as it is")
	}
	d.groups = []*group{{name: unusedGroup(d, "reader"), wait: "1s..5s", steps: []*step{{
		method: "GET", path: "/", looks: []string{"nothing of it could be sent as it is: what do users read?"},
	}}}}
	return nil
}

// reasons are why the requests of a group are comments.
func (g *group) reasons() (why []string) {
	for _, s := range g.steps {
		why = append(why, cmp.Or(s.name, s.method+" "+s.path)+": "+strings.Join(s.looks, "; "))
	}
	return why
}

// allow is the hosts that must be allowed for the draft's address; nil: this
// machine's, which are allowed already.
func (d *Draft) allow() []string {
	u, err := url.Parse(d.url)
	if err != nil {
		return nil
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return []string{host}
}

const guessed = "guesses: run once, and write what your users need, above what the service does"

// guesses are the rules of a draft that knows no figures: one for all, and one
// for what reads, where every group reads. Whichever group is removed from the
// file, they still match something.
func (d *Draft) guesses() {
	reads, others := true, false
	for _, g := range d.groups {
		live := slices.DeleteFunc(slices.Clone(g.steps), func(s *step) bool { return s.off })
		reads = reads && (len(live) == 0 || slices.ContainsFunc(live, func(s *step) bool { return s.method == "GET" }))
		others = others || slices.ContainsFunc(live, func(s *step) bool { return s.method != "GET" })
	}
	look := []string{guessed}
	switch {
	case !reads:
		d.rules = append(d.rules, rule{"all", look, []string{"*"}, []pair{{"success", "99%"}, {"p95", "1s"}}})
	case others:
		d.rules = append(d.rules, rule{"reads", look, []string{"GET *"}, []pair{{"success", "99%"}, {"p95", "500ms"}}})
		d.rules = append(d.rules, rule{"all", nil, []string{"*"}, []pair{{"success", "99%"}, {"p95", "1s"}}})
	default:
		d.rules = append(d.rules, rule{"reads", look, []string{"*"}, []pair{{"success", "99%"}, {"p95", "500ms"}}})
	}
}

// Looks are what a person must look at, in the order of the file.
func (d *Draft) Looks() []string {
	all := append([]string{}, d.looks...)
	for _, g := range d.groups {
		for _, look := range g.looks {
			all = append(all, g.name+": "+look)
		}
		for _, s := range append(append([]*step{}, g.start...), g.steps...) {
			for _, look := range s.looks {
				request := cmp.Or(s.name, s.method+" "+s.path)
				if s.off {
					request += " (a comment in the file)"
				}
				all = append(all, request+": "+look)
			}
		}
	}
	for _, g := range d.idle {
		for _, why := range g.reasons() {
			all = append(all, g.name+" (a comment in the file): "+why)
		}
	}
	for _, r := range d.rules {
		for _, look := range r.looks {
			all = append(all, r.name+": "+look)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(look string) bool {
		was := seen[look]
		seen[look] = true
		return was
	})
}

// largestFile is what spec reads of a file, in bytes.
const largestFile = 1 << 20

// Encode is the file as text, which spec reads without a mistake.
func (d *Draft) Encode() ([]byte, error) {
	text, err := d.encode()
	if err != nil {
		return nil, err
	}
	if len(text) > largestFile {
		return nil, errors.New("it is more than one file can hold: cut it down to what users do")
	}
	if _, err := config.Decode(text, "thresholds.yaml", config.Options{LimitsOnly: len(d.groups) == 0}); err != nil {
		return nil, fmt.Errorf("what came of it cannot be read back: %w", err)
	}
	return text, nil
}
