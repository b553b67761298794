package engine

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// opensDoors is the name of a header or capture whose value lets somebody in:
// people paste what a try-out prints into tickets.
var opensDoors = regexp.MustCompile(`(?i)authorization|cookie|token|secret|passw|` +
	`session_?(id|key)$|(^|[_-])(sid|jwt)$|api[_-]?key|csrf|xsrf|credential`)

// shownHeader is the value of a header as a person may see it: of what opens
// doors the scheme alone, whether the file calls it secret or not.
func shownHeader(f client.Field) string {
	if !opensDoors.MatchString(f.Name) {
		return f.Value
	}
	scheme, _, ok := strings.Cut(f.Value, " ")
	if ok && strings.HasSuffix(strings.ToLower(f.Name), "authorization") {
		return scheme + " ***"
	}
	return "***"
}

// tellOtherIDs adds to a 404 that the path is right where another step found
// something at the same path with another id: else people look for a wrong path.
func tellOtherIDs(attempts []Attempt) {
	for i := range attempts {
		a := &attempts[i]
		if a.Failure != metric.Status || a.Status != http.StatusNotFound {
			continue
		}
		for _, other := range attempts {
			if other.Status >= 200 && other.Status < 300 && otherID(a.URL, other.URL) {
				a.Detail += fmt.Sprintf("; %s %s answers %d: the path exists, and what this id names does not",
					other.Method, pathOf(other.URL), other.Status)
				break
			}
		}
	}
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.EscapedPath()
}

// otherID says whether two addresses are one path with two ids: one part
// differs, and it is not the only one.
func otherID(one, other string) bool {
	a, b := strings.Split(pathOf(one), "/"), strings.Split(pathOf(other), "/")
	if len(a) != len(b) || len(a) < 3 {
		return false
	}
	differ := 0
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if differ++; !idText.MatchString(a[i]) || !idText.MatchString(b[i]) {
			return false
		}
	}
	return differ == 1
}

// idText is a part of a path that looks as if it names one of many.
var idText = regexp.MustCompile(`[0-9]`)
