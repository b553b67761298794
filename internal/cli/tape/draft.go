package tape

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/recorder"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/recording"
	"github.com/loadgate/loadgate/internal/unit"
)

// drafted drafts a file from what passed through a recorder: one kind of user for each name that requests
// had, and one for those without.
func drafted(all *recorder.Recording, o draft.Options) (*draft.Draft, error) {
	var kinds []recording.Recording
	for _, x := range all.Exchanges {
		name := kindOf(kinds, x.User)
		at := slices.IndexFunc(kinds, func(k recording.Recording) bool { return k.Name == name })
		if at < 0 {
			at = len(kinds)
			kinds = append(kinds, recording.Recording{Name: name})
		}
		kinds[at].Exchanges = append(kinds[at].Exchanges, exchangeOf(x))
	}
	d, err := recording.Draft(recording.Source{Origin: "requests that passed through a proxy", Kind: "recording",
		Maker: "loadgate record"}, kinds, o)
	if err != nil {
		return nil, err
	}
	for _, look := range notRecorded(all, d.URL) {
		d.AddLook(look)
	}
	return d, nil
}

const (
	// mostKinds bounds the kinds of users: a name for each user makes one for each.
	mostKinds  = 20
	otherKinds = "others"
	oneKind    = "recorded"
)

// kindOf is the kind of user with a name.
func kindOf(kinds []recording.Recording, name string) string {
	if name = safetext.Brief(strings.TrimSpace(name), 60); name == "" {
		return oneKind
	}
	known := slices.ContainsFunc(kinds, func(k recording.Recording) bool { return k.Name == name })
	if known || len(kinds) < mostKinds {
		return name
	}
	return otherKinds
}

// exchangeOf is an exchange as drafts are made from.
func exchangeOf(x recorder.Exchange) recording.Exchange {
	e := recording.Exchange{Begun: x.Begun, Took: x.Took, Connection: x.Connection}
	e.Request = recording.Request{Method: x.Method, URL: x.URL, Headers: headersOf(x.Header), LacksBody: x.LacksBody}
	for _, c := range (&http.Request{Header: x.Header}).Cookies() {
		e.Request.Cookies = append(e.Request.Cookies, recording.NameValue{Name: c.Name, Value: c.Value})
	}
	if len(x.Body) > 0 {
		e.Request.Body = &recording.Body{MimeType: x.Header.Get("Content-Type"), Text: string(x.Body)}
	}
	e.Answer = recording.Answer{Status: x.Status, Headers: headersOf(x.AnswerHeader),
		Type: x.AnswerHeader.Get("Content-Type"), Text: string(x.Answer)}
	return e
}

// headersOf are headers in the order of their names. The length of a body that was kept says nothing more.
func headersOf(h http.Header) (all []recording.NameValue) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			if name != "Content-Length" {
				all = append(all, recording.NameValue{Name: name, Value: value})
			}
		}
	}
	return all
}

// notRecorded says what of a recording is not in a draft for a service.
func notRecorded(all *recorder.Recording, service string) (looks []string) {
	others := map[string]int{}
	at, err := url.Parse(service)
	for _, x := range all.Exchanges {
		if u, wrong := url.Parse(x.URL); err == nil && wrong == nil && u.Host != at.Host {
			others[u.Host]++
		}
	}
	for _, of := range []struct {
		what  string
		hosts map[string]int
	}{
		{"requests to other hosts", others},
		{"WebSockets and streams of events, for which steps have ws, events and for", all.Streams},
		{"connections of clients that do not trust the recording's certificate", all.Distrusted},
		{"requests that were not answered", all.Unreached},
	} {
		if len(of.hosts) > 0 {
			looks = append(looks, "left out: "+of.what+": "+namesOf(of.hosts))
		}
	}
	if all.Lost > 0 {
		looks = append(looks, fmt.Sprintf("the recording was full: the last %s are not in it",
			unit.Counted(all.Lost, "request")))
	}
	return looks
}

// mostNamed is how many hosts are named.
const mostNamed = 5

// namesOf are the hosts with the highest counts, in words.
func namesOf(hosts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(hosts), func(a, b string) int {
		if hosts[a] != hosts[b] {
			return hosts[b] - hosts[a]
		}
		return strings.Compare(a, b)
	})
	var named []string
	for _, name := range names[:min(len(names), mostNamed)] {
		named = append(named, fmt.Sprintf("%s (%d)", safetext.Brief(name, 100), hosts[name]))
	}
	if more := len(names) - mostNamed; more > 0 {
		named = append(named, unit.Counted(more, "other host"))
	}
	return strings.Join(named, ", ")
}
