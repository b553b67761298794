package walk

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// asker notes the requests that the script makes.
type asker struct{ *walk }

// requestMethods are the functions of k6 that make a request, and whether they send a body.
var requestMethods = map[builtin]struct {
	method string
	body   bool
}{
	"http.get": {"GET", false}, "http.head": {"HEAD", false}, "http.post": {"POST", true}, "http.put": {"PUT", true},
	"http.patch": {"PATCH", true}, "http.del": {"DELETE", true}, "http.delete": {"DELETE", true},
	"http.options": {"OPTIONS", true},
}

// http is what a function of k6/http gives; ok is false where it is none that makes a request.
func (w asker) http(e *ast.CallExpression, f builtin, in *scope, depth int) (value, bool) {
	if w.over { // nothing is sent after an error
		return w.lose(e), true
	}
	w.asked[e.Idx0()] = true
	if m, is := requestMethods[f]; is {
		all := w.arguments(e, in, depth)
		if !m.body {
			return w.ask(e, m.method, argument(all, 0), nil, argument(all, 1)), true
		}
		return w.ask(e, m.method, argument(all, 0), argument(all, 1), argument(all, 2)), true
	}
	switch f {
	case "http.request", "http.asyncRequest":
		all := w.arguments(e, in, depth)
		return w.askAny(e, argument(all, 0), argument(all, 1), argument(all, 2), argument(all, 3)), true
	case "http.batch":
		return w.batch(e, argument(w.arguments(e, in, depth), 0)), true
	case "http.url":
		return argument(w.arguments(e, in, depth), 0), true
	case "http.file":
		w.arguments(e, in, depth)
		return lost{w.at(e, "its body is a file or has several parts: write multipart")}, true
	case "http.expectedStatuses", "http.setResponseCallback", "http.cookieJar":
		all := w.arguments(e, in, depth)
		if f == "http.expectedStatuses" {
			return &object{values: map[string]value{"expected": &array{all}}}, true
		}
		w.lookAt(e, string(f)+" is left out")
		return w.lose(e), true
	}
	return nil, false
}

func (w asker) askAny(e ast.Expression, method, address, body, parameters value) value {
	name, ok := known(method)
	name = strings.ToUpper(name)
	if !ok || !slices.Contains(draft.Methods, name) {
		w.lookAt(e, "left out: a request whose method init does not read")
		return w.lose(e)
	}
	return w.ask(e, name, address, body, parameters)
}

// ask notes a request.
func (w asker) ask(e ast.Expression, method string, address, body, parameters value) value {
	c := &Call{Request: &written.Request{Method: method, When: w.when, Held: slices.Clone(w.held)},
		Chance: w.chance, Where: w.at(e, method), Tags: map[string]string{}}
	if len(w.within) > 0 {
		c.Groups, c.Request.Within = "::"+strings.Join(w.within, "::"), w.group.shared
	}
	c.Origin, c.Request.Path = addresses(w).divide(c, textOf(address))
	c.Address, _ = textOf(address).Literal()
	if body != nil {
		w.body(c, body)
	}
	w.parameters(e, c, parameters)
	c.UsesNumber = showsNumber(c.Request)
	if !w.tires() {
		w.items = append(w.items, Item{Call: c})
	}
	return &response{c}
}

// body is what a request sends, by what the script gives it.
func (w asker) body(c *Call, v value) {
	switch v := v.(type) {
	case null:
	case json:
		c.Request.Body = &written.Body{JSON: jsonValue(v.of)}
	case *object:
		b := &written.Body{Form: []written.Field{}}
		for _, key := range v.keys {
			b.Form = append(b.Form, written.Field{Name: key, Value: textOf(v.values[key])})
		}
		c.Request.Body = b
	case text:
		c.Request.Body = written.TextBody(v.parts)
	case lost:
		c.Request.Held = append(c.Request.Held, v.why)
	default:
		c.Request.Held = append(c.Request.Held, c.Where+" has a body that init does not read")
	}
}

// parameters are k6's of a request: headers, tags and others.
func (w asker) parameters(e ast.Expression, c *Call, v value) {
	if v == nil || v == (null{}) {
		return
	}
	p, ok := v.(*object)
	if !ok {
		c.Request.Held = append(c.Request.Held, w.at(e, "its parameters are not known: which headers does it send?"))
		return
	}
	for _, key := range p.keys {
		switch v := p.values[key]; key {
		case "headers":
			w.headers(e, c, v)
		case "tags":
			w.tags(c, v)
		case "redirects":
			f, _ := v.(float64)
			c.Request.Follow = f > 0
		case "responseCallback":
			w.expected(c, v)
		case "responseType", "timeout", "compression":
		default:
			c.Request.Looks = append(c.Request.Looks, "left out: "+secrets.Line(key)+" of its parameters")
		}
	}
}

func (w asker) headers(e ast.Expression, c *Call, v value) {
	headers, ok := v.(*object)
	if !ok {
		if v != nil {
			c.Request.Held = append(c.Request.Held, w.at(e, "its headers are not known"))
		}
		return
	}
	for _, name := range headers.keys {
		if headers.values[name] != nil {
			h := written.Field{Name: name, Value: textOf(headers.values[name])}
			c.Request.Headers = append(c.Request.Headers, h)
		}
	}
}

func (w asker) tags(c *Call, v value) {
	tags, ok := v.(*object)
	if !ok {
		return
	}
	for _, key := range tags.keys {
		name, known := known(tags.values[key])
		if !known {
			continue
		}
		c.Tags[key] = name
		if key == "name" && strings.TrimSpace(name) != "" {
			c.Request.Title, c.Request.Named = name, true
		}
	}
}

// expected are the statuses that a request may answer with.
func (w asker) expected(c *Call, v value) {
	list, _ := get(v, "expected").(*array)
	if list == nil || len(list.items) == 0 {
		return
	}
	var codes []string
	for _, one := range list.items {
		if f, ok := one.(float64); ok && f == math.Trunc(f) && f >= 100 && f < 600 {
			codes = append(codes, numberText(f))
			continue
		}
		low, isLow := get(one, "min").(float64)
		high, isHigh := get(one, "max").(float64)
		if !isLow || !isHigh || low < 100 || high > 599 || low > high {
			c.Request.Looks = append(c.Request.Looks, "left out: its expected statuses")
			return
		}
		codes = append(codes, fmt.Sprintf("%d..%d", int(low), int(high)))
	}
	if len(codes) == 1 && !strings.Contains(codes[0], ".") {
		c.Request.Expect = append(c.Request.Expect, "status == "+codes[0])
		return
	}
	var either []string
	for _, one := range codes {
		if low, high, is := strings.Cut(one, ".."); is {
			either = append(either, fmt.Sprintf("status >= %s && status <= %s", low, high))
		} else {
			either = append(either, "status == "+one)
		}
	}
	c.Request.Expect = append(c.Request.Expect, "("+strings.Join(either, " || ")+")")
}

// batch notes the requests of a batch, one after another.
func (w asker) batch(e ast.Expression, v value) value {
	w.lookAt(e, "batch sends its requests at once; here they follow each other: write them under "+
		"parallel, in the steps of a transaction")
	one := func(v value) value {
		switch v := v.(type) {
		case text:
			return w.ask(e, "GET", v, nil, nil)
		case *array:
			return w.askAny(e, argument(v.items, 0), argument(v.items, 1), argument(v.items, 2), argument(v.items, 3))
		case *object:
			method := v.values["method"]
			if method == nil {
				method = plain("GET")
			}
			return w.askAny(e, method, v.values["url"], v.values["body"], v.values["params"])
		}
		w.lookAt(e, "left out: a request of a batch that init does not read")
		return w.lose(e)
	}
	switch v := v.(type) {
	case *array:
		out := &array{}
		for _, r := range v.items {
			out.items = append(out.items, one(r))
		}
		return out
	case *object:
		out := newObject()
		for _, key := range v.keys {
			out.set(key, one(v.values[key]))
		}
		return out
	}
	w.lookAt(e, "left out: a batch whose requests init does not read")
	return w.lose(e)
}

// inGroup reads the function of a group of k6.
func (w asker) inGroup(e *ast.CallExpression, in *scope, depth int) value {
	all := w.arguments(e, in, depth)
	f, ok := argument(all, 1).(*function)
	if !ok {
		return w.lose(e)
	}
	name, isKnown := known(argument(all, 0))
	if !isKnown || strings.TrimSpace(name) == "" {
		name = fmt.Sprintf("group of line %d", w.line(e.Idx0()))
	}
	if len(w.within) == 0 {
		w.group = &group{&written.Group{Name: name}}
	} else {
		w.lookAt(e, "a group within a group: its requests belong to the outer one here")
	}
	w.within = append(w.within, name)
	v := w.call(f, nil, depth)
	w.within = w.within[:len(w.within)-1]
	return v
}

// showsNumber says whether a request shows the number of its user.
func showsNumber(r *written.Request) bool {
	for t := range r.Texts() {
		if slices.ContainsFunc(t, func(p written.Part) bool { return p.Code == UserNumber }) {
			return true
		}
	}
	return false
}
