package identity

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/target"
)

// Parts are digests of parts of a load: after an edit of the file they say what is
// unchanged.
type Parts struct {
	// Around is the digest of everything but the requests: groups, weights, think times, the
	// order and repetition of steps, and what is sent when users start and end.
	Around string
	// Endpoints and Transactions are digests of what is sent and accepted under each
	// name; the name itself does not count. Start and end steps have none: they are not compared.
	Endpoints, Transactions map[string]string
	// Was are the earlier names of endpoints and transactions that have one.
	Was map[string]string
}

// PartsOf takes the load of a file apart. The maps are new in every call.
func PartsOf(s *config.Config) Parts {
	p := Parts{Endpoints: map[string]string{}, Transactions: map[string]string{}, Was: map[string]string{}}
	d := partDigest{file: s, tables: map[string]string{}}
	for _, table := range s.Data {
		d.tables[table.Name] = sum(table.Pick, table.Rows)
	}
	around := append([]any{grammar.Version}, canonicalOnce(s)...)
	asked, transactions := map[string][]asking{}, map[string][]asking{}
	for _, g := range s.Groups {
		start, steps := []any{}, []any{}
		for _, step := range g.Start {
			start = append(start, d.request(g, step))
		}
		for _, step := range g.Steps {
			line := []any{cmp.Or(step.Was, step.Endpoint), step.Times, step.Weight}
			one := asking{d.request(g, step), sum(g.Weight, step.Times, step.Weight)}
			if t := step.Transaction; t != nil {
				line = append(line, []any{cmp.Or(t.Was, t.Name), t.Times, t.Weight})
				transactions[t.Name] = append(transactions[t.Name], asking{sum(one.request, step.Times), ""})
				if one.mix = sum(one.mix, t.Times, t.Weight); t.Was != "" {
					p.Was[t.Name] = t.Was
				}
			}
			for _, row := range besides(step) {
				transactions[row.Name] = append(transactions[row.Name], asking{one.request, ""})
				if row.Was != "" {
					p.Was[row.Name] = row.Was
				}
			}
			steps = append(steps, slices.Concat(line, canonicalAfter(step), canonicalStream(step)))
			if asked[step.Endpoint] = append(asked[step.Endpoint], one); step.Was != "" {
				p.Was[step.Endpoint] = step.Was
			}
		}
		around = append(around, append([]any{g.Name, g.Weight, g.Wait.Min, g.Wait.Max, g.Order, start, steps},
			canonicalWait(g.Wait)...))
		for _, step := range g.End {
			around = append(around, []any{"end", d.request(g, step)})
		}
	}
	p.Around = sum(around...)
	for name, requests := range asked {
		p.Endpoints[name] = mixed(requests)
	}
	for name, requests := range transactions {
		p.Transactions[name] = sum(requests)
	}
	return p
}

// besides are the rows beside the requests of a step, each once.
func besides(s config.Step) (rows []*config.Transaction) {
	if s.Stream != nil {
		rows = append(rows, s.Stream.Gap)
	}
	if s.Talk != nil {
		for _, item := range s.Talk.Items {
			if item.Row != nil && !slices.Contains(rows, item.Row) {
				rows = append(rows, item.Row)
			}
		}
	}
	return rows
}

// asking is a step as an endpoint sees it: its request, and what decides how often
// that is sent in relation to the endpoint's others.
type asking struct{ request, mix string }

// MarshalJSON writes both digests.
func (a asking) MarshalJSON() ([]byte, error) { return json.Marshal([2]string{a.request, a.mix}) }

// mixed is the digest of an endpoint: of its one request alone, or of several in
// their mix. The order of the file says nothing about an endpoint.
func mixed(requests []asking) string {
	one := func(a asking) bool { return a.request != requests[0].request }
	if !slices.ContainsFunc(requests, one) {
		return sum(requests[0].request)
	}
	slices.SortFunc(requests, func(a, b asking) int {
		return cmp.Or(cmp.Compare(a.request, b.request), cmp.Compare(a.mix, b.mix))
	})
	return sum(requests)
}

// partDigest makes digests of requests.
type partDigest struct {
	file   *config.Config
	tables map[string]string // digests of data, by name
}

var word = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// request is the digest of what a step sends and accepts: with the vars of its
// group and the tables that it reads, and what of the target changes every
// request. A word that only looks like the name of a var or table takes it in
// too, which at worst begins a history anew.
func (d partDigest) request(g config.Group, s config.Step) string {
	t := d.file.Target
	_, prefix, socket := target.SocketURL(t.URL)
	if u, err := url.Parse(t.URL); err == nil && !socket {
		prefix = u.EscapedPath()
	}
	headers, body, conditions, captures := canonicalExchange(s)
	sent := []any{
		prefix, t.HTTP, t.MaxBody, s.Method, s.Path.String(), headers, body, conditions, captures, s.Follow, s.Timeout,
	}
	sent = append(sent, slices.Concat(canonicalPoll(s), canonicalEach(s), canonicalStream(s))...)
	if t.Connections != (target.Connections{}) {
		sent = append(sent, []any{"connections", t.Connections.String()})
	}
	if d.file.Traces(s) {
		sent = append(sent, []any{"trace", d.file.Trace.Sample})
	}
	text, err := json.Marshal(sent)
	if err != nil {
		panic("identity: request that is no JSON: " + err.Error()) // made of JSON values only
	}
	names := map[string]bool{}
	note := func(text string) {
		for _, name := range word.FindAllString(text, -1) {
			names[name] = true
		}
	}
	note(string(text))
	for _, v := range slices.Backward(g.Vars) { // a var reads those before it
		if names[v.Name] {
			note(v.Source)
			sent = append(sent, []string{v.Name, v.Source})
		}
	}
	for _, table := range d.file.Data {
		if names[table.Name] {
			sent = append(sent, []string{table.Name, d.tables[table.Name]})
		}
	}
	return sum(sent...)
}

// sum is the first half of a SHA-256 over values as JSON.
func sum(values ...any) string {
	text, err := json.Marshal(values)
	if err != nil {
		panic("identity: load that is no JSON: " + err.Error()) // made of JSON values only
	}
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:16])
}
