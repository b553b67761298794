package k6

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// A threshold of k6 on http_req_duration{name:login} is on an endpoint; one on
// {name:login,status:200} is on some of its requests, and says nothing of those
// that it leaves out, which are often the ones that failed.

// selection is which requests a part of a metric is of.
type selection struct {
	label string // what its tag name says, or that of the address
	rest  string // tags that leave out requests of it, as "{status:200}"; empty: none
}

// endpointTags are tags that tell an endpoint from others.
var endpointTags = []string{"name", "url", "method", "group", "scenario"}

// addSelections takes what a summary says of the endpoints that thresholds name.
func addSelections(f *collect.Figures, all map[string]map[string]float64) error {
	parts := map[string]map[string][]string{} // the tags by label and rest
	for _, tags := range selectionTags(all) {
		if at, ok := parseSelection(tags); ok {
			if parts[at.label] == nil {
				parts[at.label] = map[string][]string{}
			}
			parts[at.label][at.rest] = append(parts[at.label][at.rest], tags)
		}
	}
	for label, selections := range textfile.ByKey(parts) {
		for rest, tags := range textfile.ByKey(selections) {
			if rest != "" && selections[""] != nil {
				f.Note(fmt.Sprintf("%s%s is left out: it is of some of the requests of %q, which is read as a whole",
					durationMetric, tags[0], label))
				continue
			}
			if len(tags) > 1 {
				return fmt.Errorf("%d parts are named %q, %s%s, and each counts requests of the others: "+
					"keep one of these thresholds", len(tags),
					label, durationMetric, strings.Join(tags, " and "+durationMetric))
			}
			s, err := figures(all, tags[0])
			if err != nil {
				return err
			}
			if s.Requests == 0 && len(s.Quantiles) == 0 {
				continue // no request was of it
			}
			if err := f.AddSelection(label, rest, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseSelection is what the tags of a part select. False: no endpoint.
func parseSelection(tags string) (at selection, ok bool) {
	var rest []string
	for _, tag := range strings.Split(strings.Trim(tags, "{}"), ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(tag), ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if (key == "name" || key == "url") && !ok {
			at.label, ok = value, true
		}
		if !slices.Contains(endpointTags, key) {
			rest = append(rest, key+":"+value)
		}
	}
	if rest != nil {
		slices.Sort(rest)
		at.rest = "{" + strings.Join(rest, ",") + "}"
	}
	return at, ok
}

// selectionTags are the tags of parts that something is said of, sorted.
func selectionTags(all map[string]map[string]float64) []string {
	var found []string
	for name := range textfile.ByKey(all) {
		metric, tags, part := strings.Cut(name, "{")
		if part && (metric == durationMetric || metric == "http_reqs" || metric == "http_req_failed") {
			found = append(found, "{"+tags)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
