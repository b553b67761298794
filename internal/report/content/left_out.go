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
func Unasked(s *config.Config, profile string, leftOut []string) []string {
	if s == nil || len(leftOut) == 0 && len(s.LeftOut) == 0 {
		return nil
	}
	applies := func(name string) bool {
		return slices.ContainsFunc(s.Rules, func(r config.Rule) bool { return r.Name == name && !r.Applies(profile) })
	}
	return slices.DeleteFunc(slices.Clone(s.Without(leftOut).Unasked), applies)
}

// addLeftOut adds what the load did not have to the facts, before the last.
func (v *View) addLeftOut() {
	if text := LeftOutText(v.Run.Planned.LeftOut, v.Unasked); text != "" {
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

// LeftOutText says which groups of the file the load does not have, and which rules are not judged for it; empty: it
// has all groups.
func LeftOutText(groups, rules []string) string {
	if len(groups) == 0 {
		return ""
	}
	text := fmt.Sprintf("%s (%s)", unit.Counted(len(groups), "group"), strings.Join(groups, ", "))
	if len(rules) > 0 {
		text += fmt.Sprintf(", and so %s on what nobody else sends (%s)", unit.Counted(len(rules), "rule"),
			strings.Join(rules, ", "))
	}
	return text
}
