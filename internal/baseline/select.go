package baseline

import (
	"cmp"
	"slices"

	"github.com/loadgate/loadgate/internal/reason"
)

// Select finds the earlier runs that a new one may be compared with: those that
// began before it, of the same load in whole or in part, the same host (unless
// Run.AnyHost) and class of runner and of the branch asked for, that count (Run.Counts). Of those
// before the newest accepted one none counts where it differs from them in every
// figure: it is what people called the new normal. Else they count in the figures
// that are as they were (Series).
func Select(runs []Run, q Query) *Past {
	p := &Past{last: q.Last, run: q.Run}
	for _, r := range Ordered(runs) {
		if !r.Started.Before(q.Run.Started) {
			continue
		}
		if why := q.against(r); why != "" {
			p.leave(why, r)
			continue
		}
		if r.accepted() && len(p.Runs) > 0 && r.renews(p.Runs) {
			p.leave(reason.PastBeforeAccepted, p.Runs...)
			p.Runs = nil
		}
		p.Runs = append(p.Runs, r)
	}
	slices.SortFunc(p.Left, func(a, b Left) int {
		return cmp.Compare(slices.Index(exclusions[:], a.Why), slices.Index(exclusions[:], b.Why))
	})
	return p
}

// against is why a run does not count; empty: it does.
func (q Query) against(r Run) reason.Code {
	if why := q.Run.differs(r); why != "" {
		return why
	}
	if q.Branch != "" && r.Origin.Branch != q.Branch {
		return reason.PastOtherBranch
	}
	return r.excluded()
}

func (p *Past) leave(why reason.Code, runs ...Run) {
	at := slices.IndexFunc(p.Left, func(l Left) bool { return l.Why == why })
	if at < 0 {
		at = len(p.Left)
		p.Left = append(p.Left, Left{Why: why})
	}
	p.Left[at].Runs += len(runs)
	for _, r := range runs {
		p.Left[at].IDs = append(p.Left[at].IDs, r.ID)
	}
}
