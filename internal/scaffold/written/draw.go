package written

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Draw is a value that a script draws. Parts with one draw show one value.
type Draw struct {
	Name string // what the script calls it; empty: nothing
	Per  Per
}

// Per is how often a value is drawn.
type Per int

// Round is once in each round of a user, User once by each user, and Run once for all.
const (
	Round Per = iota
	User
	Run
)

// shown is where a draw is shown: how often, and as which expressions.
type shown struct {
	times int
	codes []string
}

// noteDraws notes where the draws of some requests are shown.
func (s *Session) noteDraws(all []*Request) {
	for _, r := range all {
		for t := range r.Texts() {
			for _, p := range t {
				if p.Draw == nil {
					continue
				}
				one := s.draws[p.Draw]
				one.times++
				if !slices.Contains(one.codes, p.Code) {
					one.codes = append(one.codes, p.Code)
				}
				s.draws[p.Draw] = one
			}
		}
	}
}

// drawn is the template of a value that the script draws. One that it draws once and shows several
// times is captured with the answer before, from where all show it; else a look says that each draws.
func (s *Session) drawn(p Part, as string) string {
	of := s.draws[p.Draw]
	if p.Draw.Per == Round && of.times < 2 {
		return "${ " + p.Code + " }"
	}
	base := cmp.Or(strings.Join(naming.Words(p.Draw.Name), "_"), variableName(&Answer{}, as))
	if len(of.codes) == 1 {
		if name, ok := s.drawOnce(p, base); ok {
			return template.Variable(name)
		}
	}
	if p.Draw.Per != Run || of.times > 1 || !s.once {
		s.anew[p.Draw] = true
		s.step.Look(fmt.Sprintf("the script draws %s once and shows it in several places; here each draws anew",
			secrets.Line(cmp.Or(p.Draw.Name, base))))
	}
	return "${ " + p.Code + " }"
}

// drawOnce is the variable that holds a value which is drawn as often as in the script: a user's with
// the group, others with an answer before. Ok is false where nothing is sent before it.
func (s *Session) drawOnce(p Part, base string) (name string, ok bool) {
	if name := s.variables[p.Draw]; name != "" {
		return name, true
	}
	if p.Draw.Per == Run && s.before != nil {
		name, ok = s.before.drawOnce(p, base)
		return draft.SetupName + name, ok
	}
	if s.anew[p.Draw] {
		return "", false
	}
	name = draft.UnusedName(base, s.taken)
	if p.Draw.Per == User && !s.once {
		s.Group.Vars = append(s.Group.Vars, draft.Pair{Name: name, Text: "${ " + p.Code + " }"})
		s.variables[p.Draw] = name
		return name, true
	}
	for _, before := range slices.Backward(*s.to) {
		if !before.Commented && before.When == "" {
			before.Captures = append(before.Captures, draft.Pair{Name: name, Text: p.Code})
			s.captured[name] = &Answer{Where: p.Code}
			s.variables[p.Draw] = name
			return name, true
		}
	}
	return "", false
}

// taken says whether a name is that of a variable of the group.
func (s *Session) taken(name string) bool {
	return s.captured[name] != nil || name == "user_number" ||
		slices.ContainsFunc(s.Group.Vars, func(p draft.Pair) bool { return p.Name == name })
}

// Texts are the texts of a request that may show values: its path, headers, body and name.
func (r *Request) Texts() iter.Seq[Text] {
	return func(yield func(Text) bool) {
		all := []Text{r.Path}
		fields := slices.Clone(r.Headers)
		if r.Basic != nil {
			all = append(all, r.Basic.Name, r.Basic.Password)
		}
		all = append(all, r.User)
		if r.Body != nil {
			all = append(all, r.Body.Text)
			fields = append(append(fields, r.Body.Form...), r.Body.Parts...)
		}
		for _, f := range fields {
			all = append(all, f.Value)
		}
		for _, t := range all {
			if !yield(t) {
				return
			}
		}
		if r.Body != nil && r.Body.JSON != nil {
			r.Body.JSON.texts(yield)
		}
	}
}

// texts are those in a value; false: nobody wants more.
func (v *Value) texts(yield func(Text) bool) bool {
	if !yield(v.Text) {
		return false
	}
	for _, one := range v.Items {
		if !one.texts(yield) {
			return false
		}
	}
	return true
}
