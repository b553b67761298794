package demo

import "slices"

// keptFeedback bounds the table: it keeps this many of the newest.
const keptFeedback = 20_000

// feedback is a student's word on a session.
type feedback struct {
	id                                            int64
	token                                         string
	rating, knowledge, communication, helpfulness int64
	recommends                                    bool
	comments                                      string
}

// feedbacks is the table of them, one a token.
type feedbacks struct {
	all     []*feedback // by id
	byToken map[string]*feedback
}

// put keeps the latest word of a token, under the id of its first: a user who sends feedback
// again has changed his mind, and is not an error.
func (t *feedbacks) put(f feedback) *feedback {
	if known := t.byToken[f.token]; known != nil {
		f.id = known.id
		*known = f
		return known
	}
	f.id = 1
	if n := len(t.all); n > 0 {
		f.id = t.all[n-1].id + 1
	}
	t.all = append(t.all, &f)
	if t.byToken == nil {
		t.byToken = map[string]*feedback{}
	}
	t.byToken[f.token] = &f
	return &f
}

// forget deletes the oldest beyond those that are kept.
func (t *feedbacks) forget() {
	excess := len(t.all) - keptFeedback
	if excess <= 0 {
		return
	}
	for _, f := range t.all[:excess] {
		delete(t.byToken, f.token)
	}
	t.all = slices.Delete(t.all, 0, excess)
}
