package target

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// star begins a pattern such as *.preview.example.com: all names below a domain, at any depth, and not the domain.
const star = "*."

// zoneOf is the domain of a pattern as names are compared; false: the entry has no * and is no pattern. The error says
// why the entry can be no pattern.
func zoneOf(entry string) (zone string, ok bool, err error) {
	if !strings.Contains(entry, "*") {
		return "", false, nil
	}
	zone, found := strings.CutPrefix(canonicalHost(entry), star)
	labels := strings.Split(zone, ".")
	last := labels[len(labels)-1]
	wrong := func(format string, args ...any) (string, bool, error) {
		format = "%q " + format + ", such as *.preview.example.com"
		return "", true, fmt.Errorf(format, slices.Insert(args, 0, any(entry))...)
	}
	switch {
	case canonicalHost(entry) == "*":
		return wrong("allows every host; write host names, or a domain of yours")
	case !found || strings.Contains(zone, "*"):
		return wrong("has a * that is not its whole first label; write it there alone")
	case !isName(zone) || slices.ContainsFunc(labels, hyphenated):
		return wrong("is not a pattern of host names; write a domain of yours")
	case last[0] >= '0' && last[0] <= '9': // what ends in a number is read as an address
		return "", true, fmt.Errorf("%q has a * before an address; write a prefix such as 10.0.0.0/8", entry)
	case len(labels) < 2:
		return wrong("has fewer than two labels after the *; write a domain of yours")
	}
	if suffix, _ := publicsuffix.PublicSuffix(zone); suffix == zone {
		return wrong("allows hosts of strangers, who get names under %s too; write a domain of yours", zone)
	}
	return zone, true, nil
}

// below says whether a name is one of those that a pattern allows. Both are as names are compared.
func below(name, zone string) bool {
	labels, ok := strings.CutSuffix(name, "."+zone)
	return ok && isName(labels)
}

// isName says whether a text consists of labels that names of hosts have. What a URL can hold besides, such as %2F,
// is in no name.
func isName(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// hyphenated says whether a label begins or ends with a hyphen, as none of a registered domain does.
func hyphenated(label string) bool {
	return strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-")
}

// canonicalHost is a host name as names are compared.
func canonicalHost(name string) string {
	return strings.TrimSuffix(strings.ToLower(name), ".")
}
