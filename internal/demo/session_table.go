package demo

import (
	"cmp"
	"slices"
)

// keptSessions bounds the table: it keeps all seeded sessions, and this many of the newest that
// clients create.
const keptSessions = 20_000

// session is a lesson, planned or held. Its tutor, student and scheduled start never change.
type session struct {
	id, tutor, student   int64
	subject, sessionType string
	scheduledStart       string
	actualStart          *string // nil: it has not begun
	minutes              int64
	status               string
	rating               *float64 // nil: nobody has rated it
}

// sessions is the table of them.
type sessions struct {
	all     []*session           // by id
	byTutor map[int64][]*session // latest first
}

// latestFirst sorts the sessions of a tutor; of those that start together the first comes first.
func latestFirst(a, b *session) int {
	return cmp.Or(cmp.Compare(b.scheduledStart, a.scheduledStart), cmp.Compare(a.id, b.id))
}

// insert gives a session the next id.
func (t *sessions) insert(s *session) {
	s.id = 1
	if n := len(t.all); n > 0 {
		s.id = t.all[n-1].id + 1
	}
	t.all = append(t.all, s)
	if t.byTutor == nil {
		t.byTutor = map[int64][]*session{}
	}
	ofTutor := t.byTutor[s.tutor]
	at, _ := slices.BinarySearchFunc(ofTutor, s, latestFirst)
	t.byTutor[s.tutor] = slices.Insert(ofTutor, at, s)
}

func (t *sessions) byID(id int64) (*session, error) {
	at, found := slices.BinarySearchFunc(t.all, id, func(s *session, id int64) int { return cmp.Compare(s.id, id) })
	if !found {
		return nil, errNoRow
	}
	return t.all[at], nil
}

// forget deletes the oldest that clients have created, beyond those that are kept.
func (t *sessions) forget() {
	excess := len(t.all) - seededSessions - keptSessions
	if excess <= 0 {
		return
	}
	for _, s := range t.all[seededSessions : seededSessions+excess] {
		ofTutor := t.byTutor[s.tutor]
		if at, found := slices.BinarySearchFunc(ofTutor, s, latestFirst); found {
			t.byTutor[s.tutor] = slices.Delete(ofTutor, at, at+1)
		}
	}
	t.all = slices.Delete(t.all, seededSessions, seededSessions+excess)
}
