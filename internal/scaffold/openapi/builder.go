package openapi

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// groupBuilder is one group while its steps are made.
type groupBuilder struct {
	api       *api
	group     *draft.Group
	variables map[string]string // variables that steps capture, by what they are of: the path of a collection
	made      map[*operation]*draft.Step
	steps     []*draft.Step
}

// stepBuilder makes values of a step from their schemas.
type stepBuilder struct {
	group *groupBuilder
	step  *draft.Step
	nodes int // made so far

	writes bool // the step may change something
	sender bool // what is made is a header, which may say who sends
	target harm.Target

	bounded map[string]bool // names of numbers with a small upper bound
}

// noteID notes an id that is sent, as a template or a value, where the step writes
// and its group made nothing that has it. One that is drawn anew finds nothing.
func (m *stepBuilder) noteID(name, value string) {
	if m.sender && harm.NamesSender(name) || clientID.MatchString(name) && naming.IsLogin(m.step.Path) {
		return
	}
	if m.writes && naming.NamesThing(name) && !strings.Contains(value, "uuid()") && !m.group.isMade(value) {
		m.target.AddForeign(name)
	}
}

func (m *stepBuilder) askFor(variable, name string) {
	m.step.Look(fmt.Sprintf("set %s: the example of %s is not here", variable, naming.Line(name)))
}

// clientID is what a program shows where it asks for a token.
var clientID = regexp.MustCompile(`(?i)^client[_-]?id$`)

// isMade says whether a template is a variable for what this group made.
func (v *groupBuilder) isMade(text string) bool {
	for key, id := range v.variables {
		if strings.HasPrefix(key, "POST ") && text == template.Variable(id) {
			return true
		}
	}
	return false
}
