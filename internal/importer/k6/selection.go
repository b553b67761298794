package k6

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// A threshold of k6 on http_req_duration{name:login} is on an endpoint; one on
// {name:login,status:200} is on some of its requests, and leaves out the others, which are often the ones that failed.

// selection is the requests of a submetric.
type selection struct {
	label string // its tag name or url
	rest  string // tags that leave out some of its requests, as "{status:200}"; empty: none
}

// endpointTags are tags that distinguish endpoints.
var endpointTags = []string{"name", "url", "method", "group", "scenario"}

// addSelections adds the figures of endpoints for which the script has thresholds.
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
				return fmt.Errorf("%d parts are named %q, %s%s, and percentiles of several cannot be joined: "+
					"keep one of these thresholds, or %s", len(tags),
					strings.TrimSpace(label+" "+rest),
					durationMetric, strings.Join(tags, " and "+durationMetric), advice)
			}
			s, err := figures(f, all, tags[0])
			if err != nil {
				return err
			}
			if s.Requests == 0 && len(s.Quantiles) == 0 {
				continue // it had no request
			}
			if err := f.AddSelection(label, rest, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseSelection reads the tags of a submetric. False: they select no endpoint.
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

// selectionTags are the tags of the submetrics, sorted.
func selectionTags(all map[string]map[string]float64) []string {
	var found []string
	for name := range textfile.ByKey(all) {
		metric, tags, part := strings.Cut(name, "{")
		if part && (metric == durationMetric || metric == requestsMetric || metric == failedMetric) {
			found = append(found, "{"+tags)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
