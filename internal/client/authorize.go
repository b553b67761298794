package client

import (
	"crypto/rand"

	"github.com/loadgate/loadgate/internal/client/digest"
)

// keptAnswers is how many credentials of one user a session keeps an answer for: more are rows of a table that are gone
// through one by one.
const keptAnswers = 4

// answerTo is how a user answers the latest challenge to some credentials.
type answerTo struct {
	who    digest.Credentials
	answer *digest.Answer
}

// answers are those of one user at the origin of the base URL, the latest at the end.
type answers []answerTo

func (all answers) of(who *digest.Credentials) *digest.Answer {
	for i := range all {
		if all[i].who == *who {
			return all[i].answer
		}
	}
	return nil
}

func (all *answers) forget(who *digest.Credentials) {
	kept := (*all)[:0]
	for _, one := range *all {
		if one.who != *who {
			kept = append(kept, one)
		}
	}
	clear((*all)[len(kept):]) // a password that is not used any more is not kept
	*all = kept
}

func (all *answers) keep(who *digest.Credentials, answer *digest.Answer) {
	all.forget(who)
	if len(*all) == keptAnswers {
		all.forget(&(*all)[0].who)
	}
	*all = append(*all, answerTo{*who, answer})
}

// authorize makes the Authorization header of a hop's next sending, if a challenge is known. Another origin than the
// caller's gets none.
func (s *Session) authorize(who *digest.Credentials, h *hop) {
	h.authorization = ""
	if h.foreign {
		return
	}
	if answer := s.answers.of(who); answer != nil {
		h.authorization = answer.Next(h.method, h.prefix+string(appendTarget(nil, h.target)))
	}
}

// takeChallenge reports whether a 401 is answered: with the next sending of the hop. The first is, and one that calls
// the nonce of that answer stale. Any other says that the credentials are wrong.
func (s *Session) takeChallenge(who *digest.Credentials, h *hop, x *Exchange) bool {
	if h.foreign {
		return false
	}
	challenge, ok := digest.Choose(x.head.all("www-authenticate"))
	if !ok || h.answered > 0 && !challenge.Stale || h.answered > 1 {
		s.answers.forget(who)
		return false
	}
	h.answered++
	s.answers.keep(who, challenge.Answer(*who, rand.Text()))
	return true
}
