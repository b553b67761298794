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
	host   int // as Request.Host
	who    digest.Credentials
	answer *digest.Answer
}

// of reports whether it is for the credentials of a request and the place that it goes to.
func (a *answerTo) of(req *Request) bool { return a.host == req.Host && a.who == *req.Digest }

// answers are those of one user, the latest at the end.
type answers []answerTo

func (all answers) of(req *Request) *digest.Answer {
	for i := range all {
		if all[i].of(req) {
			return all[i].answer
		}
	}
	return nil
}

func (all *answers) forget(req *Request) {
	kept := (*all)[:0]
	for _, one := range *all {
		if !one.of(req) {
			kept = append(kept, one)
		}
	}
	clear((*all)[len(kept):]) // a password that is not used any more is not kept
	*all = kept
}

func (all *answers) keep(req *Request, answer *digest.Answer) {
	all.forget(req)
	if len(*all) == keptAnswers {
		oldest := (*all)[0]
		all.forget(&Request{Host: oldest.host, Digest: &oldest.who})
	}
	*all = append(*all, answerTo{req.Host, *req.Digest, answer})
}

// authorize makes the Authorization header of a hop's next sending, if a challenge is known. Another origin than the
// caller's gets none.
func (s *Session) authorize(req *Request, h *hop) {
	h.authorization = ""
	if h.foreign {
		return
	}
	if answer := s.answers.of(req); answer != nil {
		h.authorization = answer.Next(h.method, h.prefix+string(appendTarget(nil, h.target)))
	}
}

// takeChallenge reports whether a 401 is answered: with the next sending of the hop. The first is, and one that calls
// the nonce of that answer stale. Any other says that the credentials are wrong.
func (s *Session) takeChallenge(req *Request, h *hop, x *Exchange) bool {
	if h.foreign {
		return false
	}
	challenge, ok := digest.Choose(x.head.All("www-authenticate"))
	if !ok || h.answered > 0 && !challenge.Stale || h.answered > 1 {
		s.answers.forget(req)
		return false
	}
	h.answered++
	s.answers.keep(req, challenge.Answer(*req.Digest, rand.Text()))
	return true
}
