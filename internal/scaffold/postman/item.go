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
	one.origin, one.Path, why = divide(c.address(address))
	if why != "" {
		one.Held = append(one.Held, why)
		one.Path = written.Plain("/")
	}
	one.Headers = c.headers(r.Get("header"))
	if auth := r.Get("auth"); auth.IsObject() {
		in.auth = auth
	}
	c.authorize(one.Request, in.auth)
	if method != "GET" && method != "HEAD" {
		c.body(one.Request, r.Get("body"))
	}
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
			t = append(t, c.text(values[name].String())...)
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

// divide is an address as its service and its path; why is set where that is not known.
func divide(t written.Text) (origin string, path written.Text, why string) {
	if len(t) == 0 {
		return "", nil, "it has no address"
	}
	first := t[0]
	if bare, is := strings.CutSuffix(first.Literal, "://"); is && len(t) > 1 && (bare == "http" || bare == "https") {
		first, t = t[1], t[1:] // a host in a variable
	}
	if first.Env != "" {
		return "{{" + first.Env + "}}", t[1:], ""
	}
	if first.Literal == "" {
		return "", nil, "its address is not known: " + first.Lost
	}
	text := first.Literal
	scheme, rest, has := strings.Cut(text, "://")
	if !has {
		scheme, rest = "http", text
	}
	if scheme != "http" && scheme != "https" {
		return "", nil, "its address is not http:// or https://"
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		if end = len(rest); len(t) > 1 {
			return "", nil, "its host is not known"
		}
	}
	host := rest[:end]
	if at := strings.LastIndex(host, "@"); at >= 0 {
		host = host[at+1:]
	}
	if host == "" || strings.ContainsAny(host, " \\\"<>^`|") {
		return "", nil, "its address is not valid"
	}
	return scheme + "://" + strings.ToLower(host), append(written.Plain(rest[end:]), t[1:]...), ""
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
