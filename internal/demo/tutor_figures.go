package demo

// figures are what a tutor's sessions come to.
type figures struct {
	sessions, missed, minutes int64
	rating                    mean
}

func (t *tables) figuresOf(tutor int64) *figures {
	f := &figures{}
	for _, s := range t.sessions.byTutor[tutor] {
		f.sessions++
		f.minutes += s.minutes
		f.rating.add(s.rating)
		if s.status == "no_show" {
			f.missed++
		}
	}
	return f
}

// write leaves the object of the tutor open, for what may follow.
func (t *tutor) write(w *writer) {
	w.open('{')
	w.name("id").integer(t.id)
	w.name("name").text(t.name)
	w.name("email").text(t.email)
	w.name("subject").text(t.subject)
	w.name("hired_on").text(t.hiredOn)
	w.name("active").boolean(t.active)
}

func (f *figures) write(w *writer) {
	w.name("metrics").open('{')
	w.name("sessions").integer(f.sessions)
	w.name("average_rating").decimalOrNull(f.rating.value(), 2)
	w.name("no_show_rate").decimal(ratio(f.missed, max(1, f.sessions)), 4)
	w.name("minutes").integer(f.minutes)
	w.shut('}')
}

// tutorsPage is a page of all tutors, with their figures where they are to be measured.
func (t *tables) tutorsPage(measured bool, limit, offset int64) document {
	var w writer
	w.open('{')
	w.name("tutors").open('[')
	for _, tutor := range t.tutors.page(limit, offset) {
		tutor.write(&w)
		if measured {
			t.figuresOf(tutor.id).write(&w)
		}
		w.shut('}')
	}
	w.shut(']')
	w.name("total").integer(int64(len(t.tutors)))
	w.shut('}')
	return w.out
}

func (t *tables) tutor(id int64) (document, error) {
	tutor, err := t.tutors.byID(id)
	if err != nil {
		return nil, err
	}
	var w writer
	tutor.write(&w)
	t.figuresOf(id).write(&w)
	w.name("open_interventions").integer(t.interventions.openOf(id))
	w.shut('}')
	return w.out, nil
}

// sessionsOf is the latest sessions of a tutor.
func (t *tables) sessionsOf(tutor, limit int64) (document, error) {
	if _, err := t.tutors.byID(tutor); err != nil {
		return nil, err
	}
	all := t.sessions.byTutor[tutor]
	var w writer
	w.open('{')
	w.name("tutor_id").integer(tutor)
	w.name("sessions").open('[')
	for _, s := range all[:min(limit, int64(len(all)))] {
		student, err := t.students.byID(s.student)
		if err != nil {
			return nil, err
		}
		w.open('{')
		w.name("id").integer(s.id)
		w.name("student_id").integer(s.student)
		w.name("student_name").text(student.name)
		s.writeMembers(&w)
		w.shut('}')
	}
	w.shut(']')
	w.shut('}')
	return w.out, nil
}

// recommendations is the advice for a tutor's subject and rating; who has none needs all of it.
func (t *tables) recommendations(id int64) (document, error) {
	tutor, err := t.tutors.byID(id)
	if err != nil {
		return nil, err
	}
	rating := t.figuresOf(id).rating.value()
	var w writer
	w.open('{')
	w.name("tutor_id").integer(id)
	w.name("average_rating").decimalOrNull(rating, 2)
	w.name("recommendations").open('[')
	for _, a := range t.advice {
		if a.subject == tutor.subject && (rating == nil || a.below > *rating) {
			w.open('{')
			w.name("action").text(a.action)
			w.name("priority").text(a.priority)
			w.shut('}')
		}
	}
	w.shut(']')
	w.shut('}')
	return w.out, nil
}
