package demo

import (
	"fmt"
	"net/http"
	"slices"
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
	missing      string   // what is not found when the database has no row
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

// routes returns the table of all operations.
func routes() []*route {
	table := slices.Concat(authRoutes(), dashboardRoutes(), interventionRoutes(),
		tutorRoutes(), sessionRoutes(), adminRoutes(), feedbackRoutes(), systemRoutes())
	for _, r := range table {
		r.segments = strings.Split(r.path, "/")
		if r.status == 0 {
			r.status = http.StatusOK
		}
	}
	return table
}

func (r *route) name() string { return r.method + " " + r.path }

// called reports whether the text of a switch means this route.
func (r *route) called(text string) bool {
	name, err := endpoint(text)
	return err == nil && name == r.name()
}

// meant reports whether the text of a switch means this route; "" means all of
// the API, which leaves out what only looks at the service.
func (r *route) meant(text string) bool {
	if text == "" {
		return !r.system()
	}
	return r.called(text)
}

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

// find returns the route of a request. Without one, allowed lists the methods
// that the path does have; it is empty for a path that does not exist.
func find(table []*route, method, path string) (found *route, param string, allowed []string) {
	for _, r := range table {
		p, ok := r.matches(path)
		switch {
		case ok && r.method == method:
			return r, p, nil
		case ok:
			allowed = append(allowed, r.method)
		}
	}
	return nil, "", allowed
}

// endpoint turns the text of a switch, "METHOD PATH" as in the table or as in a
// request (a number for its id, a query), into the route's name.
func endpoint(text string) (string, error) {
	method, path, ok := strings.Cut(strings.TrimSpace(text), " ")
	if !ok {
		return "", fmt.Errorf("%q is not an endpoint; write one like GET /api/tutors/{id}", text)
	}
	path, _, _ = strings.Cut(strings.TrimSpace(path), "?")
	table := routes()
	r, _, allowed := find(table, method, path)
	if r != nil {
		return r.name(), nil
	}
	if upper := strings.ToUpper(method); slices.Contains(allowed, upper) {
		allowed = []string{upper}
	}
	if len(allowed) > 0 {
		return "", fmt.Errorf("%q is no endpoint of the demo service; write %s %s",
			text, strings.Join(allowed, " or "), path)
	}
	names := make([]string, len(table))
	for i, r := range table {
		names[i] = r.name()
	}
	if trimmed := strings.TrimSuffix(path, "/"); trimmed != path {
		if _, _, methods := find(table, "", trimmed); len(methods) > 0 {
			return "", fmt.Errorf("%q is no endpoint of the demo service; write %s %s, without the slash",
				text, strings.Join(methods, " or "), trimmed)
		}
	}
	return "", fmt.Errorf("%q is no endpoint of the demo service; write one of: %s", text, strings.Join(names, ", "))
}
