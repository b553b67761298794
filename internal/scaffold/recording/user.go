package recording

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

func (s *session) read(entries []*entry, host string) {
	s.names, s.told, s.capturedBelow = map[string]bool{}, map[string]bool{}, map[string]bool{}
	left := leftOut{}
	kept := left.filter(entries, host)
	s.group.Looks = append(s.group.Looks, left.looks()...)
	for _, e := range kept {
		s.things.AddPath(e.url.Path)
	}
	s.things.Told = func(v string) bool { return s.told[v] }
	s.group.Wait, _ = thinkTime([]user{kept})
	for _, e := range kept {
		s.add(e)
	}
	s.logIn()
	if len(kept) > 0 && len(kept[0].Request.Cookies) > 0 && s.group.Start == nil {
		s.askForLogin()
	}
}

// askForLogin says that the cookies of a session are missing.
func (s *session) askForLogin() {
	s.group.Looks = append(s.group.Looks,
		"it was recorded with a session's cookies, which are not here: add a start step that logs in")
}

// logIn makes start steps of what got the token that the others show, which is
// a header of the group then.
func (s *session) logIn() {
	g := s.group
	at := slices.IndexFunc(g.Steps, func(st *draft.Step) bool {
		return s.token != "" && slices.ContainsFunc(st.Captures, func(c draft.Pair) bool { return c.Name == s.token })
	})
	if at < 0 || g.Steps[at].Commented {
		return
	}
	var shown []draft.Pair
	for _, st := range g.Steps {
		for _, h := range st.Headers {
			if h.Name == "Authorization" && !slices.Contains(shown, h) {
				shown = append(shown, h)
			}
		}
	}
	if len(shown) != 1 {
		return // several tokens: each request shows its own
	}
	first := at
	for i, st := range g.Steps[:at] {
		if len(st.Captures) > 0 { // it may need what they got
			first = min(first, i)
		}
	}
	g.Start = slices.Clone(g.Steps[first : at+1])
	g.Steps = slices.Delete(g.Steps, first, at+1)
	g.Headers = shown
	for _, st := range g.Steps {
		st.Headers = slices.DeleteFunc(st.Headers, func(h draft.Pair) bool { return h == shown[0] })
	}
}

// thinkTime is a range of think times, evenly drawn, with the mean and the least of
// what was recorded between the end of a request and the beginning of the next one of its user.
func thinkTime(users []user) (text string, mean time.Duration) {
	var gaps []time.Duration
	var sum time.Duration
	for _, u := range users {
		for i := 1; i < len(u); i++ {
			if u[i-1].Begun.IsZero() || u[i].Begun.IsZero() {
				continue
			}
			gap := min(max(u[i].Begun.Sub(u[i-1].end()), 0), 10*time.Minute) // at once, or a cup of coffee
			gaps, sum = append(gaps, gap), sum+gap
		}
	}
	if gaps == nil {
		return "1s", time.Second
	}
	mean = (sum / time.Duration(len(gaps))).Round(time.Millisecond)
	least := slices.Min(gaps).Round(time.Millisecond)
	if most := 2*mean - least; most > least {
		return least.String() + ".." + most.String(), mean
	}
	return least.String(), mean
}

// end is when the answer had come.
func (e *entry) end() time.Time { return e.Begun.Add(e.Took) }
