package artillery

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/unit"
)

// expectCounters are the counters of the plugin expect; a suffix names the kind of
// expectation: statusCode, hasProperty. Before 2.0 it has the short name.
var expectCounters = []string{"plugins.expect.failed", "expect.failed"}

// expectation is the kind of expectation that a counter is of; empty: of
// any. False: it is of none.
func expectation(counter string) (kind string, ok bool) {
	for _, name := range expectCounters {
		if rest, found := strings.CutPrefix(counter, name); found && (rest == "" || rest[0] == '.') {
			return strings.TrimPrefix(rest, "."), true
		}
	}
	return "", false
}

// unmet reports whether requests failed an expectation and the file does not record how
// many. One answer may fail several, so the number of failed expectations is not that of
// failed requests, unless they are counted as errors too, or are the bad statuses that are
// counted anyway.
func unmet(counters map[string]numeral.Count, f *collect.Figures, all *counts) bool {
	var failed, byKind, status int64
	for counter, n := range textfile.ByKey(counters) {
		switch kind, ok := expectation(counter); {
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
	for code, n := range textfile.ByKey(all.codes) {
		if code < 200 || code >= 400 {
			bad += n
		}
	}
	for words := range textfile.ByKey(all.errors) {
		checked = checked || checkError.MatchString(words) && strings.Contains(words, "expectations")
	}
	if checked || status == failed && bad == failed {
		return false
	}
	f.Note(fmt.Sprintf(
		"%s expectations of Artillery's plugin expect failed, and it does not say how many requests these "+
			"were of: set reportFailuresAsErrors: true under the plugin", unit.Grouped(failed)))
	return true
}

// lost notes users that an error ended although no request of theirs is known to have failed: a
// script's own checks do that, and its mistakes. It reports whether no user came to its end: then
// the file does not say that any request was good.
func lost(counters map[string]numeral.Count, f *collect.Figures, o outcomes) bool {
	failed, explained := int64(counters["vusers.failed"]), o.failed()
	for counter, n := range textfile.ByKey(counters) {
		if _, ok := expectation(counter); ok {
			explained += int64(n)
		}
	}
	if failed <= explained {
		return false
	}
	users := unit.Grouped(failed - explained)
	if counters["vusers.completed"] > 0 {
		f.Note("users that an error ended, which are not failed requests: " + users)
		return false
	}
	f.Note("an error ended " + users + " users of whom no request failed, and none came to the end: " +
		"how many requests failed is not known")
	return true
}
