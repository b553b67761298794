package recording

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/unit"
)

// readCrowd drafts a group from what several users of it did: one turn of theirs, where they send the same in
// the same order, else each request once, as often as it was sent.
func (s *session) readCrowd(entries []*entry, host string) {
	s.names, s.told, s.capturedBelow = map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.counts = map[*draft.Step]int{}
	s.things.Told = func(v string) bool { return s.told[v] }
	all, known := usersOf(slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return e.url.Host != host }))
	left := leftOut{} // other hosts are named by who knows all of the recording
	var users []user
	for _, u := range all {
		if kept := left.filter(u, host); len(kept) > 0 {
			users = append(users, kept)
		}
	}
	s.group.Looks = append(s.group.Looks, left.looks()...)
	if users == nil {
		return
	}
	for _, u := range users {
		for _, e := range u {
			s.things.AddPath(e.url.Path)
		}
	}
	traces := shapes(users)
	how := orderOf(traces)
	s.think(users, known, how.start)
	if how.turn > 0 {
		s.inTurn(users, how)
	} else {
		s.atRandom(users, traces, how)
	}
	steps := slices.Clone(s.group.Steps)
	s.logIn()
	s.moveToStart(steps[:min(how.start, len(steps))], steps)
	s.group.GuardCaptures()
	if slices.ContainsFunc(users, func(u user) bool { return len(u[0].Request.Cookies) > 0 }) && s.group.Start == nil {
		s.askForLogin()
	}
}

// noPause is shorter than any person thinks.
const noPause = 50 * time.Millisecond

// think writes down how long users think, after what they send once.
func (s *session) think(users []user, known bool, start int) {
	after := make([]user, len(users))
	for i, u := range users {
		after[i] = u[min(start, len(u)):]
	}
	wait, mean := thinkTime(after)
	s.group.Wait = wait
	if !known {
		s.group.Wait, mean = "1s..5s", 3*time.Second
		s.group.Look("think times are not known: several users had a connection for each request")
	}
	if mean < noPause {
		s.group.Look("its requests came without a pause, as tests send them: write under wait how long users think")
	}
	s.pause = mean + took(users)
}

// inTurn adds one turn of the users: what each of its requests sends, others sent at the same place.
func (s *session) inTurn(users []user, how order) {
	length := how.start + how.turn
	if more := length - mostInTurn; more > 0 {
		s.group.Look(fmt.Sprintf("left out: %s after the first %d", unit.Counted(more, "request"), mostInTurn))
		length = mostInTurn
	}
	same := make([][]*entry, length)
	longest := 0
	for n, u := range users {
		if len(u) > len(users[longest]) {
			longest = n
		}
		for i, e := range u {
			if i >= how.start {
				i = how.start + (i-how.start)%how.turn
			}
			if i < length {
				same[i] = append(same[i], e)
			}
		}
	}
	for i, e := range users[longest][:length] {
		s.variety = varietyOf(same[i])
		s.counts[s.add(e)] = len(same[i])
	}
}

const (
	// Bounds of the requests of one group: more are no way of a user, and none that a person looks through.
	mostInTurn   = 500
	mostAtRandom = 200
)

// mostSent are the requests that were sent most often, by their numbers.
func (s *session) mostSent(same map[int][]*entry) map[int]bool {
	numbers := slices.SortedFunc(maps.Keys(same), func(a, b int) int {
		return cmp.Or(cmp.Compare(len(same[b]), len(same[a])), cmp.Compare(a, b))
	})
	if more := len(numbers) - mostAtRandom; more > 0 {
		s.group.Look(fmt.Sprintf("left out: %s that were sent less often than the other %d",
			unit.Counted(more, "request"), mostAtRandom))
		numbers = numbers[:mostAtRandom]
	}
	kept := map[int]bool{}
	for _, n := range numbers {
		kept[n] = true
	}
	return kept
}

// mostRemembered is of how many answers to the same request the values are remembered.
const mostRemembered = 200

// atRandom adds each request once, with how often it was sent as its weight. The requests of the user who sent
// the most kinds of them come first: they fit together.
func (s *session) atRandom(users []user, traces [][]int, how order) {
	s.group.Weighted = true
	same := map[int][]*entry{}
	for n, u := range users {
		for i, e := range u {
			same[traces[n][i]] = append(same[traces[n][i]], e)
		}
	}
	often := s.mostSent(same)
	turns := make([]int, len(users))
	for i := range turns {
		turns[i] = i
	}
	slices.SortStableFunc(turns, func(a, b int) int { return distinct(traces[b]) - distinct(traces[a]) })
	steps, remembered := map[int]*draft.Step{}, map[int]int{}
	for _, n := range turns {
		for i, e := range users[n] {
			shape := traces[n][i]
			if st := steps[shape]; st != nil {
				if remembered[shape]++; remembered[shape] <= mostRemembered && !st.Commented {
					s.remember(st, e)
					s.tell(e)
				}
				continue
			}
			if !often[shape] {
				continue
			}
			s.variety = varietyOf(same[shape])
			st := s.add(e)
			st.Weight = len(same[shape])
			steps[shape], s.counts[st] = st, st.Weight
		}
	}
	s.group.Look(fmt.Sprintf("its requests come in random order, as often as %s sent them: is there an order that "+
		"users keep?", unit.Counted(len(users), "recorded user")))
}

// moveToStart makes start steps of those that each user sends once, in their order of all steps.
func (s *session) moveToStart(once, all []*draft.Step) {
	g := s.group
	if len(once) == len(all) {
		return
	}
	var start []*draft.Step
	for _, st := range all {
		if slices.Contains(g.Start, st) || slices.Contains(once, st) && !st.Commented {
			st.Weight = 0
			start = append(start, st)
		}
	}
	g.Start = start
	g.Steps = slices.DeleteFunc(g.Steps, func(st *draft.Step) bool { return slices.Contains(start, st) })
}

// demand is how many users were needed to send what the group sends: how often, times how long each request kept
// its user.
func (s *session) demand() float64 {
	n := 0
	for _, st := range s.group.Steps {
		if !st.Commented {
			n += s.counts[st]
		}
	}
	return float64(n) * s.pause.Seconds()
}
