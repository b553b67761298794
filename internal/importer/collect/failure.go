package collect

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// mergeFailures merges failures of one kind and status, and sorts them, most frequent
// first.
func mergeFailures(found []result.Failure) []result.Failure {
	slices.SortFunc(found, func(a, b result.Failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Status, b.Status), cmp.Compare(a.Detail, b.Detail))
	})
	var merged []result.Failure
	for _, f := range found {
		at := slices.IndexFunc(merged, func(m result.Failure) bool { return m.Kind == f.Kind && m.Status == f.Status })
		if at < 0 {
			merged = append(merged, f)
			continue
		}
		m := &merged[at]
		m.Count += f.Count
		m.First, m.Last = min(m.First, f.First), max(m.Last, f.Last)
	}
	return merged
}

// causes are words that tools use for failures without an answer. The first match counts.
var causes = []struct {
	word string
	kind metric.Failure
}{
	{"refused", metric.Refused}, {"reset", metric.Reset}, {"broken pipe", metric.Reset}, {"eof", metric.Reset},
	{"no such host", metric.DNS}, {"lookup", metric.DNS}, {"unknownhost", metric.DNS},
	{"enotfound", metric.DNS}, {"eai_again", metric.DNS}, {"nameresolution", metric.DNS},
	{"timeout", metric.Timeout}, {"timed out", metric.Timeout}, {"timedout", metric.Timeout},
	{"deadline", metric.Timeout},
	{"x509", metric.TLS}, {"tls", metric.TLS}, {"ssl", metric.TLS}, {"certificate", metric.TLS},
}

// FailureOf is the kind of a failure: by its status, or by words where status is 0. Unknown
// words are metric.Reset.
func FailureOf(status int, words string) metric.Failure {
	if status >= 300 && status < 400 {
		return metric.Redirect
	}
	if status >= 400 {
		return metric.Status
	}
	if status > 0 { // a good status: the content was wrong
		return metric.Expectation
	}
	lower := strings.ToLower(words)
	for _, c := range causes {
		if strings.Contains(lower, c.word) {
			return c.kind
		}
	}
	return metric.Reset
}

// DetailOf describes a failure in the words of its file, at most 200 characters, or in
// those of its status.
func DetailOf(status int, words string) string {
	words = strings.TrimSpace(charset.Readable(words))
	if words == "" {
		words = http.StatusText(status)
	}
	if runes := []rune(words); len(runes) > 200 {
		words = string(runes[:200])
	}
	return words
}
