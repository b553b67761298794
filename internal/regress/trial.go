package regress

import "github.com/loadgate/loadgate/internal/stat"

// trial is one metric of all endpoints beside their past: the first run alone,
// and all new runs together. They are the same where there is no confirmation.
type trial struct{ first, all stat.Comparison }

// trialOf takes the histories as they were measured, but of those candidates what the
// lag of late generators leaves.
func trialOf(candidates []*candidate, sure func(*candidate) bool) trial {
	first, all := make([]stat.History, len(candidates)), make([]stat.History, len(candidates))
	for i, r := range candidates {
		c := r.history
		if sure != nil && sure(r) {
			c = r.sure
		}
		first[i], all[i] = c, c
		first[i].New, first[i].NewErr = c.New[:1], c.NewErr[:1]
	}
	t := trial{first: stat.AgainstPast(first)}
	if t.all = t.first; len(candidates) > 0 && len(candidates[0].history.New) > 1 {
		t.all = stat.AgainstPast(all)
	}
	return t
}
