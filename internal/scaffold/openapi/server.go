package openapi

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/target"
)

// server is where the service is, as its description says, with the defaults of
// its variables; a path alone is below where the description was found.
func (a *api) server(o draft.Options) {
	if len(a.doc.Servers) == 0 || a.doc.Servers[0] == nil {
		return
	}
	address, filled := serverAddress(a.doc.Servers[0])
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, "{}") {
		if o.URL == "" {
			a.draft.AddLook("the description's server " + naming.Line(address) +
				" is not an address: is target.url right?")
		}
		return
	}
	socket, prefix, isSocket := target.SocketURL(a.draft.URL)
	switch {
	case u.Host != "" && o.URL == "":
		a.draft.URL = u.String()
	case u.Path != "" && u.Path != "/" && isSocket:
		if prefix == "" {
			a.draft.URL = "http+unix://" + socket + ":/" + strings.Trim(u.Path, "/")
		}
	case u.Path != "" && u.Path != "/":
		if base, err := url.Parse(a.draft.URL); err == nil && strings.Trim(base.Path, "/") == "" {
			base.Path = "/" + strings.Trim(u.Path, "/")
			a.draft.URL = base.String()
		}
	}
	if filled != nil && (o.URL == "" || u.Path != "") {
		a.draft.AddLook("target.url has the defaults of the description's server: " + strings.Join(filled, ", "))
	}
}

// serverAddress is the address of a server with the defaults of its variables, which
// are named; of one without a default its first value.
func serverAddress(s *openapi3.Server) (address string, filled []string) {
	address = s.URL
	for _, name := range slices.Sorted(maps.Keys(s.Variables)) {
		v := s.Variables[name]
		if v == nil || !strings.Contains(address, "{"+name+"}") {
			continue
		}
		value := v.Default
		if value == "" && len(v.Enum) > 0 {
			value = v.Enum[0]
		}
		if value == "" {
			continue
		}
		address = strings.ReplaceAll(address, "{"+name+"}", value)
		filled = append(filled, naming.Line(name+" "+value))
	}
	return address, filled
}
