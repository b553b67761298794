package client

import "sync"

// MostBeside is how many connections to one origin a user has at most, as browsers do.
const MostBeside = 6

// joint is what the sessions of a user with several connections have together.
type joint struct {
	mu     sync.Mutex // guards the cookies, which owner keeps for all of them
	owner  *Session
	beside []*Session
}

// Beside returns the nth of a user's further connections, from 1 to MostBeside-1: a session with idle connections of
// its own, and with the cookies and the TLS sessions of this one. It has its own answers to challenges of Digest
// authentication: there are services that want the counts of a nonce in their order. It may be used at the same time as
// this session and the others; Beside, EndRound and Close of this one may not. The first call makes it, and each later
// one returns the same. It is closed with this session, and so is its round.
func (s *Session) Beside(nth int) *Session {
	if s.joint == nil {
		s.joint = &joint{owner: s}
		s.sessions()
	}
	j := s.joint
	for len(j.beside) < nth {
		j.beside = append(j.beside, &Session{client: s.client, spread: s.spread, nth: s.nth, tickets: s.tickets,
			joint: j})
	}
	return j.beside[nth-1]
}

// hold returns the session that keeps the user's cookies, for the caller alone until letGo.
func (s *Session) hold() *Session {
	if s.joint == nil {
		return s
	}
	s.joint.mu.Lock()
	return s.joint.owner
}

func (s *Session) letGo() {
	if s.joint != nil {
		s.joint.mu.Unlock()
	}
}

// eachBeside calls do for the further sessions of an owner.
func (s *Session) eachBeside(do func(*Session)) {
	if s.joint == nil || s.joint.owner != s {
		return
	}
	for _, one := range s.joint.beside {
		do(one)
	}
}
