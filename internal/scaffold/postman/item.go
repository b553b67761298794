package postman

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// folder is what the requests of a folder share.
type folder struct {
	auth   gjson.Result
	within *written.Group
}

// items reads requests and folders in their order.
func (c *collection) items(list gjson.Result, in folder, depth int) {
	for _, item := range list.Array() {
		if len(c.calls) >= mostRequests || depth > mostFolders {
			c.look("the collection has more than init reads: the rest of it is left out")
			return
		}
		if auth := item.Get("auth"); auth.IsObject() {
			c.item(item, folder{auth, in.within}, depth)
		} else {
			c.item(item, in, depth)
		}
	}
}

func (c *collection) item(item gjson.Result, in folder, depth int) {
	name := secrets.Line(item.Get("name").String())
	if inner := item.Get("item"); inner.IsArray() {
		c.events(item.Get("event"), "folder "+name)
		if in.within == nil && strings.TrimSpace(name) != "" {
			in.within = &written.Group{Name: name}
		}
		c.items(inner, in, depth+1)
		return
	}
	r := item.Get("request")
	if r.Type == gjson.String { // an address alone
		c.call(name, r, gjson.Result{}, in, item.Get("event"))
	} else if r.IsObject() {
		c.call(name, r.Get("url"), r, in, item.Get("event"))
	}
}

// call reads a request.
func (c *collection) call(name string, address, r gjson.Result, in folder, events gjson.Result) {
	method := strings.ToUpper(r.Get("method").String())
	if method == "" {
		method = "GET"
	}
	if !slices.Contains(draft.Methods, method) {
		c.look(fmt.Sprintf("left out: %s, whose method a load does not have", name))
		return
	}
	one := &call{Request: &written.Request{Method: method, Title: name, Within: in.within}}
	var why string
	one.origin, one.Path, one.User, why = divide(c.address(address))
	if why != "" {
		one.Held = append(one.Held, why)
		one.Path = written.Plain("/")
	}
	one.Headers = c.headers(r.Get("header"))
	if auth := r.Get("auth"); auth.IsObject() {
		in.auth = auth
	}
	c.authorize(one.Request, in.auth)
	c.body(one.Request, r.Get("body"))
	c.calls = append(c.calls, one)
	c.scripts(one.Request, events)
}

// address is the address of a request, as a text or in parts.
func (c *collection) address(v gjson.Result) written.Text {
	if v.Type == gjson.String {
		return c.text(v.Str)
	}
	raw := v.Get("raw").String()
	if raw == "" {
		raw = assembled(v)
	}
	path, query, has := strings.Cut(raw, "?")
	parts := strings.Split(path, "/")
	values := map[string]gjson.Result{}
	for _, one := range v.Get("variable").Array() {
		values[one.Get("key").String()] = one.Get("value")
	}
	var t written.Text
	for i, part := range parts {
		if i > 0 {
			t = append(t, written.Part{Literal: "/"})
		}
		name, is := strings.CutPrefix(part, ":")
		switch {
		case !is || name == "" || i < 1:
			t = append(t, c.text(part)...)
		case values[name].String() != "":
			value := c.text(values[name].String())
			if secrets.Is(name, values[name].String()) || secrets.InName(name) || secrets.IsHeader(name) {
				value = secret(name, value)
			}
			t = append(t, value...)
		default:
			t = append(t, written.Part{Lost: "which " + secrets.Line(name) + " are there?"})
		}
	}
	if has {
		t = append(t, c.text("?"+query)...)
	}
	return joined(t)
}

// assembled is an address of its parts.
func assembled(v gjson.Result) string {
	join := func(v gjson.Result, with string) string {
		if !v.IsArray() {
			return v.String()
		}
		var all []string
		for _, one := range v.Array() {
			if one.IsObject() {
				one = one.Get("value")
			}
			all = append(all, one.String())
		}
		return strings.Join(all, with)
	}
	out := join(v.Get("host"), ".")
	if protocol := v.Get("protocol").String(); protocol != "" {
		out = protocol + "://" + out
	}
	if port := v.Get("port").String(); port != "" {
		out += ":" + port
	}
	if path := join(v.Get("path"), "/"); path != "" {
		out += "/" + strings.TrimPrefix(path, "/")
	}
	var query []string
	for _, q := range v.Get("query").Array() {
		if !q.Get("disabled").Bool() {
			query = append(query, q.Get("key").String()+"="+q.Get("value").String())
		}
	}
	if query != nil {
		out += "?" + strings.Join(query, "&")
	}
	return out
}

// divide is an address as its service, its path and the user before its host; why is set where that is not known.
func divide(t written.Text) (origin string, path, user written.Text, why string) {
	if len(t) == 0 {
		return "", nil, nil, "it has no address"
	}
	if bare, is := strings.CutSuffix(t[0].Literal, "://"); is && (bare == "http" || bare == "https") {
		user, t = written.CutUser(t[1:])
		if len(t) > 0 && inVariable(t[0]) != "" {
			return inVariable(t[0]), t[1:], user, ""
		}
		t = joined(append(written.Plain(bare+"://"), t...))
	}
	first := t[0]
	if inVariable(first) != "" {
		return inVariable(first), t[1:], user, ""
	}
	if first.Literal == "" {
		return "", nil, user, "its address is not known: " + first.Lost
	}
	text := first.Literal
	scheme, rest, has := strings.Cut(text, "://")
	if !has {
		scheme, rest = "http", text
	}
	if scheme != "http" && scheme != "https" {
		return "", nil, user, "its address is not http:// or https://"
	}
	before, known := written.CutUser(append(written.Plain(rest), t[1:]...))
	if before != nil {
		user = before
	}
	if before != nil && len(known) > 0 && inVariable(known[0]) != "" {
		return inVariable(known[0]), known[1:], user, ""
	}
	if len(known) == 0 || known[0].Literal == "" {
		return "", nil, user, "its host is not known"
	}
	rest = known[0].Literal
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		if end = len(rest); len(known) > 1 {
			return "", nil, user, "its host is not known"
		}
	}
	host := rest[:end]
	if host == "" || strings.ContainsAny(host, " \\\"<>^`|@") {
		return "", nil, user, "its address is not valid"
	}
	path = append(written.Plain(rest[end:]), known[1:]...)
	return scheme + "://" + strings.ToLower(host), path, user, ""
}

// inVariable is the origin of an address whose host is in a variable; empty: it is in none.
func inVariable(p written.Part) string {
	switch {
	case p.Env != "":
		return "{{" + p.Env + "}}"
	case p.Hidden != nil:
		return "{{" + p.Hidden.Name + "}}"
	}
	return ""
}

// headers are those that are not switched off, as a list or as lines.
func (c *collection) headers(v gjson.Result) (all []written.Field) {
	if v.Type == gjson.String {
		for line := range strings.Lines(v.Str) {
			if name, value, ok := strings.Cut(line, ":"); ok {
				all = append(all, written.Field{Name: strings.TrimSpace(name), Value: c.text(strings.TrimSpace(value))})
			}
		}
		return all
	}
	return c.fields(v)
}
