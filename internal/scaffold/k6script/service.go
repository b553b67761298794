package k6script

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/unit"
)

// chooseService is the service of the draft: the one of the options if the script asks it, else
// the one that most requests go to.
func (b *builder) chooseService(all []*walk.Call, o draft.Options) string {
	counts := map[string]int{}
	best := ""
	for _, c := range all {
		if c.Origin == "" {
			continue
		}
		counts[c.Origin]++
		if best == "" || counts[c.Origin] > counts[best] {
			best = c.Origin
		}
	}
	if o.URL != "" && counts[strings.TrimSuffix(o.URL, "/")] > 0 {
		best = strings.TrimSuffix(o.URL, "/")
	}
	var others []string
	for _, c := range all {
		if c.Origin != "" && c.Origin != best && !slices.Contains(others, c.Origin) {
			others = append(others, c.Origin)
			b.Look(fmt.Sprintf("left out: %s to %s", unit.Counted(counts[c.Origin], "request"),
				secrets.Line(strings.TrimPrefix(c.Origin, walk.UnknownHost))))
		}
	}
	for _, c := range all {
		if c.Origin == "" {
			c.Origin = best // a comment in any case
		}
	}
	b.draft.URL = o.URL
	if b.draft.URL == "" {
		b.draft.URL = best
	}
	if b.draft.URL == "" || strings.HasPrefix(b.draft.URL, walk.UnknownHost) {
		b.draft.URL = "http://localhost:8000"
	}
	return best
}
