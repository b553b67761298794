package jmeter

import (
	"cmp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// sampler is an HTTP request, which becomes a step.
func (g *group) sampler(i item, s scope) {
	if g.steps++; g.steps > mostSteps {
		return
	}
	g.told[i.element] = true
	own := g.config(i.below, s, g)
	in := &reading{group: g, item: i}
	prop := func(name string) string { return cmp.Or(i.prop(name), own.defaults[name]) }
	r := request.Request{Method: strings.ToUpper(cmp.Or(prop("HTTPSampler.method"), "GET"))}
	address := in.text("a path", prop("HTTPSampler.path"))
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		at := strings.Index(address, "://") + 3
		end := at + len(address[at:])
		if slash := strings.IndexAny(address[at:], "/?"); slash >= 0 {
			end = at + slash
		}
		in.refuse(g.server(address[:end]))
		address = address[end:]
	} else {
		in.refuse(g.serverOf(i, prop))
	}
	r.Path, r.Query = request.Split(address)
	r.Headers = g.headers(own.headers)
	in.arguments(&r, own)
	st := g.requests.Step(r)
	if name := i.name(); name != "" {
		g.named(st, name)
	}
	for _, what := range []string{"HTTPSampler.connect_timeout", "HTTPSampler.response_timeout"} {
		if v := prop(what); v != "" && v != "0" {
			st.Look(g.about(i.element, "has a timeout that is not here: write timeout"))
		}
	}
	if prop("HTTPSampler.image_parser") == "true" {
		st.Look(g.about(i.element, "loads what a page draws in: that is left out"))
	}
	for _, why := range in.problems {
		st.CommentOut(why)
	}
	st.CommentOut(g.off)
	g.pauses[st] = g.pause(own.timers).plus(g.carried)
	g.carried = extent{}
	g.check(st, own.checks)
	g.capture(st, own.extractors)
	st.Task = nil
	*g.out = append(*g.out, st)
}

// named gives an endpoint the name of its sampler where that says more than the path: JMeter counts
// requests by it. The method stays in front, where rules look for it.
func (g *group) named(st *draft.Step, name string) {
	if strings.Contains(name, "${") || st.Name == "" && !strings.Contains(st.Path, "${") {
		return
	}
	if strings.HasPrefix(name, st.Method+" /") {
		st.Name = naming.Line(name)
	}
}

// serverOf takes the server of a request from its properties.
func (g *group) serverOf(i item, prop func(string) string) string {
	g.names.defaults, g.names.took = true, false
	domain, problem := g.names.template(prop("HTTPSampler.domain"))
	port, portProblem := g.names.template(prop("HTTPSampler.port"))
	protocol, _ := g.names.template(prop("HTTPSampler.protocol"))
	g.names.defaults = false
	if domain == "" && problem == "" {
		return ""
	}
	if g.names.took {
		g.draft.AddLook("the address of the service is the default of a property: write url, or use --host")
	}
	if problem != "" || portProblem != "" || strings.Contains(domain+port+protocol, "${") {
		g.draft.AddLook(g.about(i.element, "has a server that is not read: write url, or use --host"))
		return ""
	}
	base := cmp.Or(strings.ToLower(protocol), "http") + "://" + domain
	if strings.Contains(domain, "://") {
		base = strings.TrimRight(domain, "/")
	}
	usual := port == "443" && strings.HasPrefix(base, "https:") || port == "80" && strings.HasPrefix(base, "http:")
	if port != "" && !usual {
		base += ":" + port
	}
	return g.server(base)
}

// server takes the server of a request: that of the first one is the service's. It says where another is meant.
func (g *group) server(base string) string {
	switch {
	case g.given:
	case g.host == "":
		g.host = base
	case g.host != base:
		_, host, _ := strings.Cut(base, "://")
		if at := strings.LastIndex(host, "@"); at >= 0 {
			host = host[at+1:]
		}
		return naming.OtherHost(host)
	}
	return ""
}

// arguments gives a request its query or its body.
func (in *reading) arguments(r *request.Request, own scope) {
	i := in.item
	arguments := append(slices.Clip(own.arguments), i.parts("HTTPsampler.Arguments", "Arguments.arguments")...)
	if i.prop("HTTPSampler.postBodyRaw") == "true" {
		var text strings.Builder
		for _, a := range i.parts("HTTPsampler.Arguments", "Arguments.arguments") {
			if p := a.child("Argument.value"); p != nil {
				text.WriteString(p.text)
			}
		}
		if text.Len() > 0 {
			in.rawBody(r, text.String())
		}
		return
	}
	var pairs []draft.Pair
	for _, a := range arguments {
		name := cmp.Or(a.prop("Argument.name"), a.attrs["name"])
		pairs = append(pairs, draft.Pair{Name: name, Text: in.text("a parameter", a.prop("Argument.value"))})
	}
	switch {
	case len(i.parts("HTTPsampler.Files", "HTTPFileArgs.files")) > 0:
		in.refuse("sends files: write multipart")
	case len(pairs) == 0:
	case r.Method == "GET" || r.Method == "DELETE" || r.Method == "HEAD" || r.Method == "OPTIONS":
		r.Query = append(r.Query, pairs...)
	case len(pairs) == 1 && pairs[0].Name == "":
		if own := i.parts("HTTPsampler.Arguments", "Arguments.arguments"); len(own) == 1 {
			in.rawBody(r, own[0].prop("Argument.value"))
		}
	default:
		form := node.Map()
		for _, p := range pairs {
			node.Set(form, p.Name, node.Text(p.Text))
		}
		r.Body = &draft.Body{Key: "form", Content: form}
	}
}

// rawBody is a body as it is written: JSON where it is JSON.
func (in *reading) rawBody(r *request.Request, text string) {
	if tree := jsonOf(text, in); tree != nil {
		r.Body = &draft.Body{Key: "json", Content: tree}
		r.Headers = slices.DeleteFunc(r.Headers, func(h draft.Pair) bool {
			return strings.EqualFold(h.Name, "content-type") && strings.HasPrefix(h.Text, "application/json")
		})
		return
	}
	r.Body = &draft.Body{Key: "text", Content: node.Text(in.text("a body", text))}
}
