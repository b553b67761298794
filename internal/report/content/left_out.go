package content

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Unasked are the rules of a profile that are not judged, since the load has none of the groups that send what they
// limit. The file may be nil.
func Unasked(s *config.Config, profile string, of result.Planned) (rules []string) {
	if s == nil {
		return nil
	}
	narrow := s.Without(of.LeftOut)
	skipped := func(load string) bool { return slices.Contains(of.SkippedLoads, load) }
	for _, r := range s.Rules {
		onlyThose := len(r.Loads) > 0 && !slices.ContainsFunc(r.Loads, func(l string) bool { return !skipped(l) })
		if r.Applies(profile) && (onlyThose || slices.Contains(narrow.Unasked, r.Name)) {
			rules = append(rules, r.Name)
		}
	}
	for _, name := range narrow.Unasked { // the file was narrowed before
		known := func(r config.Rule) bool { return r.Name == name }
		if !slices.ContainsFunc(s.Rules, known) {
			rules = append(rules, name)
		}
	}
	return rules
}

// addLeftOut adds what the load did not have to the facts, before the last.
func (v *View) addLeftOut() {
	if text := LeftOutText(v.Run.Planned, v.Unasked); text != "" {
		v.Facts = slices.Insert(v.Facts, len(v.Facts)-1, Fact{"left out", text})
	}
}

// addHosts adds the services beside the target to the facts, before the last.
func (v *View) addHosts() {
	if text := HostsText(v.Run.Planned.Hosts); text != "" {
		v.Facts = slices.Insert(v.Facts, len(v.Facts)-1, Fact{"hosts", text})
	}
}

// HostsText names the services beside the target; empty: there are none.
func HostsText(hosts []result.Host) string {
	var all []string
	for _, h := range hosts {
		all = append(all, h.Name+" "+h.URL)
	}
	return strings.Join(all, ", ")
}

// LeftOutText says which groups of the file, and loads of the profile, a run does not have, and which rules are not
// judged for it; empty: it has all.
func LeftOutText(of result.Planned, rules []string) string {
	var parts []string
	for _, left := range []struct {
		noun  string
		names []string
	}{{"group", of.LeftOut}, {"load", of.SkippedLoads}} {
		if n := len(left.names); n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", unit.Counted(n, left.noun), strings.Join(left.names, ", ")))
		}
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		return ""
	}
	if len(rules) > 0 {
		text += fmt.Sprintf(", and so %s on what nobody else sends (%s)", unit.Counted(len(rules), "rule"),
			strings.Join(rules, ", "))
	}
	return text
}
