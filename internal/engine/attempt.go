package engine

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
)

// build renders the request of a step into w.req; false when its condition
// leaves it out.
func (w *virtualUser) build(s *step) (wanted bool, err error) {
	if w.unset != nil {
		return true, w.unset
	}
	if s.When != nil {
		if wanted, err = s.When.Bool(w.env); err != nil {
			return true, w.blame(s, "when", s.When, err)
		}
		if !wanted {
			return false, nil
		}
	}
	if w.listless != nil {
		return true, w.listless
	}
	w.req = client.Request{
		Method: s.Method, Host: s.host, Target: s.target, Header: s.fields, Body: s.body,
		Follow: s.Follow, KeepBody: s.keepBody, Timeout: s.Timeout, Prepared: s.same,
	}
	if s.target == "" {
		if w.path, err = s.Path.AppendURL(w.path[:0], w.env); err != nil {
			return true, w.blame(s, "path", s.Path, err)
		}
		w.req.Target = string(w.path)
	}
	if !s.fixed {
		if w.req.Header, err = w.fields(s); err != nil {
			return true, err
		}
	}
	if s.digest != nil {
		if w.req.Digest, err = s.digest.of(w.env); err != nil {
			return true, w.blame(s, "auth", s.digest.from.Value, err)
		}
	}
	if !s.bodyOnce {
		if w.body, err = appendBody(w.body[:0], s.Body, w.env); err != nil {
			return true, w.blame(s, "body", bodyReader{s.Body}, err)
		}
		w.req.Body = w.body
	}
	return true, nil
}

// fields renders headers that have expressions. A value with a line break
// would be a header of its own: it is refused.
func (w *virtualUser) fields(s *step) ([]client.Field, error) {
	fields := slices.Clone(s.fields)
	for i, h := range s.headers {
		if h.value == nil {
			continue
		}
		value, err := h.value.Append(nil, w.env)
		if err == nil && strings.ContainsAny(string(value), "\r\n\x00") {
			err = errLineBreak
		}
		if err != nil {
			return nil, w.blame(s, "header "+h.name, h.value, err)
		}
		fields[i].Value = string(value)
	}
	return fields, nil
}

// judge says how the exchange in w.x failed, if it did.
func (w *virtualUser) judge(s *step) (metric.Failure, string) {
	x := &w.x
	if x.Failure != metric.OK {
		return x.Failure, x.Detail
	}
	if s.reads {
		w.env.SetResponse(x.Status, w.header, x.Body)
	}
	if s.Expect == nil || s.Stream != nil && w.stream.unfinished() {
		failure, detail := statusFailure(x)
		if failure == metric.OK && s.graphQL {
			return w.graphQLFailure(s)
		}
		return failure, detail
	}
	met, err := s.Expect.Bool(w.env)
	if err != nil {
		return metric.Expectation, s.told("expect", err).Error()
	}
	if met {
		return metric.OK, ""
	}
	// A status that no service would call success says more than the
	// expectation that it broke.
	if failure, detail := statusFailure(x); failure != metric.OK {
		return failure, detail
	}
	return metric.Expectation, "expect is false: " + s.Expect.String()
}

func statusFailure(x *client.Exchange) (metric.Failure, string) {
	switch {
	case x.Status >= 200 && x.Status < 300:
		return metric.OK, ""
	case x.Status >= 300 && x.Status < 400 && x.Location == "":
		return metric.Redirect, fmt.Sprintf("answers %d without a Location", x.Status)
	case x.Status >= 300 && x.Status < 400:
		return metric.Redirect, fmt.Sprintf("answers %d to %s", x.Status, x.Location)
	}
	return metric.Status, strings.TrimSpace(fmt.Sprintf("%d %s", x.Status, http.StatusText(x.Status)))
}

// capture keeps values of the step for what comes after it.
func (w *virtualUser) capture(s *step, values []config.Capture) (metric.Failure, string) {
	for _, c := range values {
		value, err := c.Value.Eval(w.env)
		if err == nil && value == nil {
			return metric.Capture, fmt.Sprintf("capture %s: %s found nothing in the answer", c.Name, c.Value)
		}
		if err != nil {
			return metric.Capture, s.told("capture "+c.Name, err).Error()
		}
		w.env.Set(c.Name, value)
		if s.Secret && !slices.Contains(w.private, c.Name) {
			w.private = append(w.private, c.Name)
		}
	}
	return metric.OK, ""
}
