package k6script

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/unit"
)

// load makes the profiles of what the scenarios ask for. A run has one profile, with all groups:
// scenarios of one kind are added up, second by second, and each kind is a profile.
func (b *builder) load() {
	var users, arrivals []*scenario
	for _, sc := range b.scenarios {
		switch {
		case sc.group == nil || !slices.Contains(b.draft.Groups, sc.group):
		case sc.open:
			arrivals = append(arrivals, sc)
		default:
			users = append(users, sc)
		}
	}
	live := slices.Concat(users, arrivals)
	if len(live) == 1 && live[0].alone && live[0].busiest() == 0 && live[0].rounds == "" && live[0].lasts == 0 {
		b.Look("the script has no load of its own: the profile is as large as its rules need")
		return
	}
	for _, sc := range live {
		b.complete(sc)
	}
	if len(live) > 1 {
		b.weigh(live)
	}
	if len(users) > 0 && len(arrivals) > 0 {
		b.Look("k6 makes loads of users and of arrivals beside each other; here each kind is a profile, and a run " +
			"has one, with all groups by their weight")
		b.addProfile("users", users)
		b.addProfile("arrivals", arrivals)
		return
	}
	b.addProfile("k6", live)
}

// complete gives a scenario what a run needs to know and the script leaves out.
func (b *builder) complete(sc *scenario) {
	of := ""
	if !sc.alone {
		of = "scenario " + secrets.Line(sc.name) + ": "
	}
	for i := range sc.looks {
		sc.looks[i] = of + sc.looks[i]
	}
	if len(sc.stages) > 0 {
		return
	}
	switch {
	case sc.lasts == 0 && sc.rounds != "":
		sc.look(fmt.Sprintf("%sk6 ends it after %s; a run here has a time: is it right?", of, sc.rounds))
	case sc.lasts == 0:
		sc.look(of + "the script does not say how long it lasts: is it right?")
	case sc.rounds != "":
		sc.look(fmt.Sprintf("%sk6 ends it after %s, or after this time: is it right?", of, sc.rounds))
	}
	sc.lasts = cmp.Or(sc.lasts, usualTime)
	sc.users = max(sc.users, 1)
	if sc.open && sc.rate == 0 {
		sc.look(of + "its rate is not known: is it right?")
		sc.rate = 1
	}
}

// usualTime is how long a load lasts whose script does not say it.
const usualTime = 2 * time.Minute

// weigh gives each group its share of the users or the requests of the whole.
func (b *builder) weigh(all []*scenario) {
	share, least := make([]float64, len(all)), 0.0
	for i, sc := range all {
		share[i] = b.curve(sc).area()
		if share[i] > 0 && (least == 0 || share[i] < least) {
			least = share[i]
		}
	}
	weights, shared := make([]int, len(all)), 0
	for i := range all {
		weights[i] = 1
		if least > 0 {
			weights[i] = max(int(min(math.Round(share[i]/least*10), 1e6)), 1)
		}
		shared = divisor(shared, weights[i])
	}
	for i, sc := range all {
		sc.group.Weight = float64(weights[i] / shared)
	}
}

// divisor is the greatest that two numbers share.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// addProfile adds the profile of what some scenarios make together.
func (b *builder) addProfile(name string, all []*scenario) {
	p := draft.Load{Name: name}
	var sum curve
	maxUsers := 0
	for _, sc := range all {
		p.Looks = append(p.Looks, sc.looks...)
		sum = sum.plus(b.curve(sc))
		maxUsers += sc.maxUsers
		if sc.open && b.requests(sc) > 1 {
			p.Looks = append(p.Looks, fmt.Sprintf("its rate is of requests: the rounds of %s times their %s",
				secrets.Line(sc.name), unit.Counted(b.requests(sc), "request")))
		}
	}
	m := node.Map()
	stages := sum.shapes()
	if len(all) > 1 && len(stages) > 1 {
		p.Looks = append(p.Looks, "its groups have their shares by weight from the beginning to the end")
	}
	if len(stages) == 1 && stages[0].over == 0 {
		b.constant(m, all[0].open, stages[0])
	} else {
		node.Set(m, "stages", stagesOf(stages, all[0].open))
	}
	if all[0].open {
		node.Set(m, "arrivals", node.Text("even")) // as k6 makes them
		if maxUsers > 0 {
			node.Set(m, "max_users", node.Number(float64(min(maxUsers, 100_000))))
		}
	}
	if len(stages) <= 2 {
		m = node.Inline(m)
	}
	p.Profile = m
	b.draft.Loads = append(b.draft.Loads, p)
}

// constant is a load that stays.
func (b *builder) constant(m *node.Value, open bool, s shape) {
	if open {
		node.Set(m, "rate", node.Text(rateText(s.target)))
	} else {
		users := max(math.Round(s.target), 1)
		node.Set(m, "users", node.Number(users))
		node.Set(m, "spawn_rate", node.Text(strconv.FormatFloat(users, 'f', -1, 64)+"/s"))
	}
	node.Set(m, "duration", node.Text(unit.Compact(s.stays)))
}

// stagesOf are stages as the file has them.
func stagesOf(all []shape, open bool) *node.Value {
	list := node.List()
	for _, s := range all {
		one := node.Map()
		if open {
			node.Set(one, "rate", node.Text(rateText(s.target)))
		} else {
			node.Set(one, "users", node.Number(math.Round(s.target)))
		}
		if s.over > 0 {
			node.Set(one, "over", node.Text(unit.Compact(s.over)))
		}
		if s.stays > 0 {
			node.Set(one, "for", node.Text(unit.Compact(s.stays)))
		}
		list.Content = append(list.Content, node.Inline(one))
	}
	return list
}

// rateText writes a rate per second in the unit in which it is a short number.
func rateText(perSecond float64) string {
	for _, u := range []struct {
		seconds float64
		name    string
	}{{1, "/s"}, {60, "/min"}, {3600, "/h"}} {
		if n := perSecond * u.seconds; math.Abs(n-math.Round(n)) < 1e-9*max(n, 1) {
			return strconv.FormatFloat(math.Round(n), 'f', -1, 64) + u.name
		}
	}
	return strconv.FormatFloat(perSecond, 'f', 3, 64) + "/s"
}
