package demo

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

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

// isNamed reports whether the text of a switch means this route.
func (r *route) isNamed(text string) bool {
	name, err := endpointNamed(text)
	return err == nil && name == r.name()
}

// covers reports whether the text of a switch means this route; "" means all of
// the API, which leaves out what only looks at the service.
func (r *route) covers(text string) bool {
	if text == "" {
		return !r.system()
	}
	return r.isNamed(text)
}

// findRoute returns the route of a request. Without one, allowed lists the methods
// that the path does have; it is empty for a path that does not exist.
func findRoute(table []*route, method, path string) (found *route, param string, allowed []string) {
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

// endpointNamed turns the text of a switch, "METHOD PATH" as in the table or as in a
// request (a number for its id, a query), into the route's name.
func endpointNamed(text string) (string, error) {
	method, path, ok := strings.Cut(strings.TrimSpace(text), " ")
	if !ok {
		return "", fmt.Errorf("%q is not an endpoint; write one like GET /api/tutors/{id}", text)
	}
	path, _, _ = strings.Cut(strings.TrimSpace(path), "?")
	table := routes()
	r, _, allowed := findRoute(table, method, path)
	if r != nil {
		return r.name(), nil
	}
	if upper := strings.ToUpper(method); slices.Contains(allowed, upper) {
		allowed = []string{upper}
	}
	if len(allowed) > 0 {
		return "", fmt.Errorf("%q is not an endpoint of the demo service; write %s %s",
			text, strings.Join(allowed, " or "), path)
	}
	names := make([]string, len(table))
	for i, r := range table {
		names[i] = r.name()
	}
	if trimmed := strings.TrimSuffix(path, "/"); trimmed != path {
		if _, _, methods := findRoute(table, "", trimmed); len(methods) > 0 {
			return "", fmt.Errorf("%q is not an endpoint of the demo service; write %s %s, without the slash",
				text, strings.Join(methods, " or "), trimmed)
		}
	}
	return "", fmt.Errorf("%q is not an endpoint of the demo service; write one of: %s",
		text, strings.Join(names, ", "))
}

// slowOf and failOf are the switches that cover a route.
func slowOf(r *route, all []Slow) []Slow {
	return slices.DeleteFunc(slices.Clone(all), func(s Slow) bool { return !r.covers(s.Endpoint) })
}

func failOf(r *route, all []Fail) []Fail {
	return slices.DeleteFunc(slices.Clone(all), func(f Fail) bool { return !r.covers(f.Endpoint) })
}
