package importer

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
)

// artilleryExpect is what the plugin expect counts, and behind it by the kind of
// expectation: statusCode, hasProperty. Before 2.0 it has the short name.
var artilleryExpect = []string{"plugins.expect.failed", "expect.failed"}

// artilleryExpectation is the kind of expectation that a counter is of; empty: of
// any. False: it is of none.
func artilleryExpectation(counter string) (kind string, ok bool) {
	for _, name := range artilleryExpect {
		if rest, found := strings.CutPrefix(counter, name); found && (rest == "" || rest[0] == '.') {
			return strings.TrimPrefix(rest, "."), true
		}
	}
	return "", false
}

// unmet says whether requests failed by what their answers lack, and the file
// does not say how many. One answer may lack several things, so that failed
// expectations are no failed requests, unless they are counted as errors too, or
// are the bad statuses that are counted anyway.
func unmet(counters map[string]count, f *figures, all *artilleryCounts) bool {
	var failed, byKind, status int64
	for counter, n := range byKey(counters) {
		switch kind, ok := artilleryExpectation(counter); {
		case !ok:
		case kind == "":
			failed += int64(n)
		case kind == "statusCode":
			status, byKind = status+int64(n), byKind+int64(n)
		default:
			byKind += int64(n)
		}
	}
	failed = max(failed, byKind)
	if failed == 0 {
		return false
	}
	bad, checked := int64(0), false
	for code, n := range byKey(all.codes) {
		if code < 200 || code >= 400 {
			bad += n
		}
	}
	for words := range byKey(all.errors) {
		checked = checked || artilleryCheck.MatchString(words) && strings.Contains(words, "expectations")
	}
	if checked || status == failed && bad == failed {
		return false
	}
	f.note(fmt.Sprintf(
		"%s expectations of Artillery's plugin expect failed, and it does not say how many requests these "+
			"were of: set reportFailuresAsErrors: true under the plugin", unit.Grouped(failed)))
	return true
}
