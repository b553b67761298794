package demo

import (
	"cmp"
	"slices"
)

// performance is what a tutor has held.
type performance struct {
	tutor         *tutor
	held, minutes int64
	rating        mean
}

// bestFirst sorts those without a rating last.
func bestFirst(a, b *performance) int {
	x, y := a.rating.value(), b.rating.value()
	switch {
	case x != nil && y != nil:
		return cmp.Or(cmp.Compare(*y, *x), cmp.Compare(a.tutor.id, b.tutor.id))
	case x == nil && y == nil:
		return cmp.Compare(a.tutor.id, b.tutor.id)
	case x == nil:
		return 1
	}
	return -1
}

// performances are those of all tutors who have held a session, the best first.
func (t *tables) performances() []*performance {
	var all []*performance
	for i := range t.tutors {
		p := &performance{tutor: &t.tutors[i]}
		for _, s := range t.sessions.byTutor[p.tutor.id] {
			if s.status == "completed" {
				p.held++
				p.minutes += s.minutes
				p.rating.add(s.rating)
			}
		}
		if p.held > 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, bestFirst)
	return all
}

// analytics is what was held by subject, and by the ten best tutors.
func (t *tables) analytics() document {
	ranked := t.performances()
	var w writer
	w.open('{')
	w.name("subjects").open('[')
	for _, subject := range slices.Sorted(slices.Values(subjects)) {
		writeSubject(&w, subject, ranked)
	}
	w.shut(']')
	w.name("top_tutors").open('[')
	for _, p := range ranked[:min(10, len(ranked))] {
		w.open('{')
		w.name("tutor_id").integer(p.tutor.id)
		w.name("name").text(p.tutor.name)
		w.name("sessions").integer(p.held)
		w.name("average_rating").decimalOrNull(p.rating.value(), 2)
		w.shut('}')
	}
	w.shut(']')
	w.shut('}')
	return w.out
}

// writeSubject leaves out a subject that nobody has held. Its rating is the mean of its tutors'.
func writeSubject(w *writer, subject string, ranked []*performance) {
	var tutors, held, minutes int64
	var rating mean
	for _, p := range ranked {
		if p.tutor.subject == subject {
			tutors++
			held += p.held
			minutes += p.minutes
			rating.add(p.rating.value())
		}
	}
	if tutors == 0 {
		return
	}
	w.open('{')
	w.name("subject").text(subject)
	w.name("tutors").integer(tutors)
	w.name("sessions").integer(held)
	w.name("hours").decimal(ratio(minutes, 60), 1)
	w.name("average_rating").decimalOrNull(rating.value(), 2)
	w.shut('}')
}
