package board

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
)

// series is the runs of one load, host, branch and class of runner, oldest first. A load that was edited in parts
// goes on being one. If the newest run may be compared with any host, all hosts are one.
type series struct {
	key    string
	runs   []baseline.Run
	past   *baseline.Past    // what the next run is compared with
	unused map[string]string // why it is not with the others, by ID
}

// seriesOf groups runs; the series whose newest run is the newest comes first.
func seriesOf(runs []baseline.Run) []series {
	type place struct{ class, branch string }
	byPlace := map[place][]baseline.Run{}
	for _, r := range runs {
		at := place{r.Kind().Class, r.Origin.Branch}
		byPlace[at] = append(byPlace[at], r)
	}
	var all []series
	for _, rest := range byPlace {
		for len(rest) > 0 {
			alike := baseline.Alike(rest)
			all = append(all, newSeries(alike))
			rest = slices.DeleteFunc(rest, func(r baseline.Run) bool {
				return slices.ContainsFunc(alike, func(a baseline.Run) bool { return a.ID == r.ID })
			})
		}
	}
	slices.SortFunc(all, func(a, b series) int {
		return cmp.Or(b.newest().Started.Compare(a.newest().Started), cmp.Compare(b.newest().ID, a.newest().ID))
	})
	used := map[string]int{}
	for i := len(all) - 1; i >= 0; i-- { // the older one keeps its name when another comes
		key := keyOf(all[i].newest())
		if used[key]++; used[key] > 1 {
			key = fmt.Sprintf("%s-%d", key, used[key])
		}
		all[i].key = key
	}
	return all
}

func newSeries(runs []baseline.Run) series {
	s := series{runs: runs, unused: map[string]string{}}
	next := s.newest()
	next.Started = next.Started.Add(time.Nanosecond)
	s.past = baseline.Select(runs, baseline.Query{Run: next})
	for _, left := range s.past.Left {
		for _, id := range left.IDs {
			s.unused[id] = wording.Text(left.Why.Plain())
		}
	}
	for _, r := range runs {
		if why := r.WhyNot(); why.Given() && s.unused[r.ID] != "" {
			s.unused[r.ID] = wording.Text(why)
		}
	}
	return s
}

func (s *series) newest() baseline.Run { return s.runs[len(s.runs)-1] }

// title is what was run.
func (s *series) title() string {
	r := s.newest()
	return named(cmp.Or(content.Title(r.Name, r.Profile), "load test"))
}

// place is where it was run.
func (s *series) place() string {
	r := s.newest()
	at := r.Target
	if hosts := baseline.Hosts(s.runs); hosts > 1 {
		at = fmt.Sprintf("%s and %s", at, unit.Counted(hosts-1, "other host"))
	}
	return sentence(typeset.JoinNonEmpty(" · ", r.Origin.Branch, at, r.Origin.Runner.Class()))
}

func (s *series) path() string { return "series/" + s.key + ".html" }

// span is how many runs there are, and from when to when.
func (s *series) span() string { return spanOf(s.runs) }

// baselineText says what the next run is compared with.
func (s *series) baselineText() string {
	n := len(s.past.Runs)
	if n < baseline.Fewest {
		return fmt.Sprintf("the next run is not compared yet: %d of the %d runs that a comparison needs are there",
			n, baseline.Fewest)
	}
	return fmt.Sprintf("the next run is compared with %d of them", n)
}

// notSlug is what the name of a file does without.
var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// keyOf names a series for its file: words for people, and a digest of what tells it apart. Both stay when the load
// is edited.
func keyOf(r baseline.Run) string {
	words := notSlug.ReplaceAllString(strings.ToLower(strings.Join([]string{r.Name, r.Profile, r.Origin.Branch}, " ")),
		"-")
	words = strings.Trim(words[:min(len(words), 40)], "-")
	sum := sha256.Sum256([]byte(strings.Join(
		[]string{r.Name, r.Profile, r.Kind().Host, r.Origin.Branch, r.Kind().Class}, "\x00")))
	return strings.TrimPrefix(words+"-"+hex.EncodeToString(sum[:4]), "-")
}

// trail is where a page of a run belongs.
func (s *series) trail(page, here string) []htmlpage.Link {
	return []htmlpage.Link{{Text: "All load tests", Href: from(page, IndexPath)},
		{Text: s.title(), Href: from(page, s.path())}, {Text: here}}
}
