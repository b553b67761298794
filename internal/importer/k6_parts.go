package importer

import (
	"fmt"
	"slices"
	"strings"
)

// A threshold of k6 on http_req_duration{name:login} is on an endpoint; one on
// {name:login,status:200} is on some of its requests, and says nothing of those
// that it leaves out, which are often the ones that failed.

// k6Selection is which requests a part of a metric is of.
type k6Selection struct {
	label string // what its tag name says, or that of the address
	rest  string // tags that leave out requests of it, as "{status:200}"; empty: none
}

// k6Whole are tags that tell an endpoint from others.
var k6Whole = []string{"name", "url", "method", "group", "scenario"}

// addK6Parts takes what a summary says of the endpoints that thresholds name.
func addK6Parts(f *figures, all map[string]map[string]float64) error {
	parts := map[string]map[string][]string{} // the tags by label and rest
	for _, tags := range k6Tags(all) {
		if at, ok := k6Part(tags); ok {
			if parts[at.label] == nil {
				parts[at.label] = map[string][]string{}
			}
			parts[at.label][at.rest] = append(parts[at.label][at.rest], tags)
		}
	}
	for label, selections := range byKey(parts) {
		for rest, tags := range byKey(selections) {
			if rest != "" && selections[""] != nil {
				f.note(fmt.Sprintf("%s%s is left out: it is of some of the requests of %q, which is read as a whole",
					k6Duration, tags[0], label))
				continue
			}
			if len(tags) > 1 {
				return fmt.Errorf("%d parts are named %q, %s%s, and each counts requests of the others: "+
					"keep one of these thresholds", len(tags),
					label, k6Duration, strings.Join(tags, " and "+k6Duration))
			}
			s, err := k6Figures(all, tags[0])
			if err != nil {
				return err
			}
			if s.Requests == 0 && len(s.Quantiles) == 0 {
				continue // no request was of it
			}
			if err := f.addSome(label, rest, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// k6Part is what the tags of a part select. False: no endpoint.
func k6Part(tags string) (at k6Selection, ok bool) {
	var rest []string
	for _, tag := range strings.Split(strings.Trim(tags, "{}"), ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(tag), ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if (key == "name" || key == "url") && !ok {
			at.label, ok = value, true
		}
		if !slices.Contains(k6Whole, key) {
			rest = append(rest, key+":"+value)
		}
	}
	if rest != nil {
		slices.Sort(rest)
		at.rest = "{" + strings.Join(rest, ",") + "}"
	}
	return at, ok
}

// k6Tags are the tags of parts that something is said of, sorted.
func k6Tags(all map[string]map[string]float64) []string {
	var found []string
	for name := range byKey(all) {
		metric, tags, part := strings.Cut(name, "{")
		if part && (metric == k6Duration || metric == "http_reqs" || metric == "http_req_failed") {
			found = append(found, "{"+tags)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
