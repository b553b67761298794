package measure

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// longestTiming bounds the name of a part of a Server-Timing header, in bytes.
const longestTiming = 40

// addTiming adds up a Server-Timing header (W3C Server Timing, section 3), which
// is untrusted: db;dur=12.3;desc="4 queries", app;dur=3. Parts without a name
// that can be printed are left out, and parts of one name in one answer are of one
// request. A number before the word queries or statements in a description, as the
// toolbars of web frameworks write it, counts calls.
func addTiming(all []result.ServerTime, header []byte) []result.ServerTime {
	var seen uint64 // which of all this answer has had, by index; there are few
	for len(header) > 0 {
		var part []byte
		part, header = until(header, ',')
		name, rest := until(part, ';')
		name = bytes.TrimSpace(name)
		if !printable(name) {
			continue
		}
		var t result.ServerTime
		at := indexOf(all, name)
		if at < len(all) {
			t.Name = all[at].Name
		} else {
			t.Name = string(name)
		}
		if seen>>at&1 == 0 {
			t.Requests = 1
		}
		seen |= 1 << at
		for len(rest) > 0 {
			var parameter []byte
			parameter, rest = until(rest, ';')
			key, value, _ := bytes.Cut(parameter, []byte("="))
			value = bytes.Trim(bytes.TrimSpace(value), `"`)
			switch key = bytes.TrimSpace(key); {
			case bytes.EqualFold(key, duration):
				if ms, err := strconv.ParseFloat(string(value), 64); err == nil && ms >= 0 && ms < 1e9 {
					t.Time = time.Duration(ms * float64(time.Millisecond))
				}
			case bytes.EqualFold(key, description):
				t.Calls = calls(value)
			}
		}
		all = result.AddServerTime(all, t)
	}
	return all
}

var duration, description = []byte("dur"), []byte("desc")

// indexOf is where a name is in all, or the length of all, where it would come.
func indexOf(all []result.ServerTime, name []byte) int {
	for i := range all {
		if all[i].Name == string(name) { // copies nothing
			return i
		}
	}
	return len(all)
}

// until cuts a text at the first separator outside quotes.
func until(text []byte, separator byte) (before, after []byte) {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, nil
}

func printable(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c > '~' || c == '"' {
			return false
		}
	}
	return len(name) > 0 && len(name) <= longestTiming
}

var queries = [...][]byte{[]byte("query"), []byte("queries"), []byte("statement"), []byte("statements")}

// calls is the number before the word queries or statements; 0: there is none.
func calls(description []byte) int64 {
	var before []byte
	for word := range bytes.FieldsSeq(description) {
		if slices.ContainsFunc(queries[:], func(q []byte) bool { return bytes.EqualFold(word, q) }) {
			if n, err := strconv.ParseInt(string(before), 10, 32); err == nil && n > 0 {
				return n
			}
		}
		before = word
	}
	return 0
}
