package recording

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// session is one recording on its way to be a group.
type session struct {
	draft         *draft.Draft
	group         *draft.Group
	found         []answerValue   // values of answers, in their order
	told          map[string]bool // ids and names of things that answers have
	things        harm.Things
	names         map[string]bool
	token         string                       // variable that the Authorization header shows; empty: none
	secrets       map[string]string            // the variables of its secrets, by the name that they would have alone
	tokenMissing  bool                         // its Authorization header was recorded without where it came from
	lastCaptured  answerValue                  // what the last captured value is
	capturedBelow map[string]bool              // paths below which an id was captured
	recorded      map[*draft.Step][]recordedID // of all recordings, by the step whose path has them
	pause         time.Duration                // from one request of a user to the next; 0: it was not recorded
	counts        map[*draft.Step]int          // how often a step was sent; nil: it was not counted

	// Of the step that is being made.
	target       harm.Target
	variety      variety
	address      string      // its path, as it was recorded
	content      *node.Value // of its body, whether or not that can be in the file; nil: it has none
	sharesSecret bool        // a secret in its body is one by its own name or form
}

// answerValue is a value of an answer that a later request may show.
type answerValue struct {
	step  *draft.Step
	where string // expression
	key   string // name that it had
	value string
	noun  string // the kind of thing with this id, if the step created it; empty: it was there
}

// recordedID is the part of a path that is an id that no answer had.
type recordedID struct {
	part  int // index of its part
	value string
}

// askIfThere asks whether recorded ids still exist.
func (s *session) askIfThere(st *draft.Step, ids ...string) {
	for _, id := range ids {
		if personalAddress.MatchString(id) {
			st.Look(naming.Line(id) + " was recorded: is it there, and may it be in this file?")
		} else {
			st.Look(naming.Line(id) + " was recorded: is it there?")
		}
	}
}

// noteCaptured notes whose id the captured value is: of a thing that was created, or
// that was there. Things of two kinds may have the same number: order 12 is not note 12.
func (s *session) noteCaptured(key string, inPath bool) {
	kind := key
	if isPlainID(key) {
		kind = s.address
	}
	switch {
	case s.lastCaptured.madeAs(kind):
		s.target.Own = true
	case inPath || naming.NamesThing(key) || naming.NamesThing(s.lastCaptured.key):
		s.target.AddForeign(key)
	}
}

// secret is the template of the environment variable that replaces a secret. Whatever a user showed under a name has
// one variable, since many such values are new in each answer; another user has another.
func (s *session) secret(key, v string, st *draft.Step) string {
	name := draft.VariableFor(key)
	if s.secrets[name] == "" {
		s.secrets[name] = s.draft.SecretOf(key, v)
	}
	return s.secretOf(s.secrets[name], key, st)
}

// secretOf is the template of a variable for a value of a name, which a person must set.
func (s *session) secretOf(variable, key string, st *draft.Step) string {
	st.Look(fmt.Sprintf("set %s: the recorded value of %s is not here", variable, naming.Line(key)))
	return s.draft.Secret(variable)
}

// masked is secret for a body, whose answer may show the secret again.
func (s *session) masked(key, v string, st *draft.Step) *node.Value {
	st.Secret = true
	return node.Text(s.secret(key, v, st))
}
