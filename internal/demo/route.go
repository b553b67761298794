package demo

import (
	"strings"
	"time"
)

// access is what a route asks of the Authorization header.
type access uint8

const (
	open          access = iota // not looked at
	tokenIfGiven                // none is fine, a wrong one is not
	tokenRequired               // answers 401 without a right one
)

// systemTag is that of the routes by which the service is looked at.
const systemTag = "system"

// route is one operation of the service: what it takes, what it answers, how
// long that takes, and the code. OpenAPI, validation, metrics and the switches
// all read this one table.
type route struct {
	method, path string
	tag, summary string
	access       access
	param        *field  // what stands for the {name} of the path
	query        []field // parameters, all optional
	body         *schema // JSON; nil: none
	batch        bool    // the body may be a list of 1 to 100 of them
	form         bool    // the body may be form-encoded
	status       int     // on success; 0: 200
	answer       schema
	answers      []schema // further shapes of the answer, for batches
	missing      string   // what is not found when the tables have no row
	media        string   // of the answer; "": JSON

	local  bool          // holds no database connection
	median time.Duration // base time
	spread float64       // standard deviation of its logarithm
	handle func(s *service, c *call) (document, error)

	segments []string // of path; set by routes
}

// call is one checked request to a route.
type call struct {
	param any // int64 or string
	query map[string]any
	body  any // map[string]any, or []any for a batch
	extra time.Duration
	// queries are those beyond the first.
	queries int
}

func (c *call) fields() map[string]any { return c.body.(map[string]any) }

func (r *route) name() string { return r.method + " " + r.path }

// system says whether the route only looks at the service.
func (r *route) system() bool { return r.tag == systemTag }

// matches reports whether a path is the route's, and the text that stands for
// its {name}.
func (r *route) matches(path string) (param string, ok bool) {
	rest := path
	for i, segment := range r.segments {
		have, after, more := strings.Cut(rest, "/")
		if more == (i == len(r.segments)-1) {
			return "", false
		}
		switch {
		case strings.HasPrefix(segment, "{") && have != "":
			param = have
		case segment != have:
			return "", false
		}
		rest = after
	}
	return param, true
}

// given is a field's value, nil where the body has none.
func given[T any](fields map[string]any, name string) *T {
	if v, ok := fields[name].(T); ok {
		return &v
	}
	return nil
}

// argument is a parameter's value, or what stands for one that was not given.
func argument[T any](c *call, name string, otherwise T) T {
	if v, ok := c.query[name].(T); ok {
		return v
	}
	return otherwise
}
