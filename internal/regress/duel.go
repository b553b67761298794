package regress

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
)

// duel is the pairs laid out for judging.
type duel struct {
	config       *config.Config
	profile      string
	all          [2][]*evidence.Run // of every slice, by side
	pairs        [][2]*evidence.Run // whole ones
	names        []string           // of endpoints, start steps left out
	transactions []string           // of transactions
}

func newDuel(in PairsInput) *duel {
	d := &duel{config: in.Config, profile: in.A[0].Profile}
	for side, runs := range [2][]*result.Result{in.A, in.B} {
		for _, r := range runs {
			d.all[side] = append(d.all[side], evidence.Gather(evidence.Input{Result: r, Config: in.Config}))
		}
	}
	for i := range min(len(in.A), len(in.B)) {
		if in.A[i].End == result.Complete && in.B[i].End == result.Complete {
			d.pairs = append(d.pairs, [2]*evidence.Run{d.all[0][i], d.all[1][i]})
		}
	}
	a, b := d.all[0][0], d.all[1][0]
	d.names, d.transactions = namesWith(a, b, false), namesWith(a, b, true)
	return d
}

// overrun says whether the generator was at its end in more than half of the
// slices, so that no difference is the service's for sure, and what to do about it.
func (d *duel) overrun() (remedies []reason.Reason, mostly bool) {
	n := 0
	for _, pair := range d.pairs {
		for _, e := range pair {
			if e.Generator.Overrun() {
				n++
				_, remedies = e.Generator.Blame()
			}
		}
	}
	return remedies, n > len(d.pairs)
}

// PairsInput is slices of one load on two targets, in pairs: A[i] and B[i] were
// run one after the other. B is judged, A is what it is compared with.
type PairsInput struct {
	A, B   []*result.Result
	Config *config.Config
}

// pairsRule is what the comparison is called in place of a rule.
const pairsRule = "B against A"
