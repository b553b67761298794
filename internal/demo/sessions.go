package demo

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"
)

var sessionStatuses = []string{"scheduled", "in_progress", "completed", "cancelled", "no_show", "rescheduled"}

func sessionRoutes() []*route {
	id := must("session_id", identifier())
	session := object(
		must("id", identifier()), must("tutor_id", identifier()),
		must("student_id", identifier()), must("subject", text(subjects...)),
		must("session_type", text(sessionTypes...)), must("scheduled_start", moment()),
		must("actual_start", moment().orNull()),
		must("duration_minutes", count()), must("status", text(sessionStatuses...)))
	create := object(
		must("tutor_id", schema{kind: kindID}), must("student_id", schema{kind: kindID}),
		must("subject", text(subjects...)),
		must("scheduled_start", moment()), must("duration_minutes", integer(15, 240).like(60)),
		must("session_type", text(sessionTypes...)))
	change := object(
		may("actual_start", moment()), may("duration_minutes", integer(1, 480).like(60)),
		may("status", text(sessionStatuses...)), may("rating", number(1, 5).like(4.5)))
	return []*route{{
		method: "POST", path: "/api/sessions", tag: "sessions", summary: "Schedule a session, or a batch of up to 100",
		body: &create, batch: true, status: http.StatusCreated, answer: session,
		answers: []schema{object(must("created", count()), must("ids", list(identifier())))},
		median:  36 * time.Millisecond, spread: 0.3,
		handle: (*service).createSessions,
	}, {
		method: "PATCH", path: "/api/sessions/{id}", tag: "sessions", summary: "Change a session",
		param: &id, missing: "Session not found", body: &change, answer: session,
		median: 20 * time.Millisecond, spread: 0.25,
		handle: (*service).changeSession,
	}}
}

// createSessions makes all of a batch or, where a tutor or a student of it does not exist, none.
func (s *service) createSessions(c *call) (document, error) {
	batch, isBatch := c.body.([]any)
	if !isBatch {
		batch = []any{c.body}
	}
	return change(s.store, func(t *tables) (document, error) {
		all := make([]*session, len(batch))
		for i := range batch {
			all[i] = newSession(batch[i].(map[string]any))
			_, noTutor := t.tutors.byID(all[i].tutor)
			_, noStudent := t.students.byID(all[i].student)
			if noTutor != nil || noStudent != nil {
				return nil, &refusal{status: http.StatusNotFound, Detail: "Tutor or student not found"}
			}
		}
		ids := make([]int64, len(all))
		for i, created := range all {
			t.sessions.insert(created)
			ids[i] = created.id
		}
		t.sessions.forget()
		if !isBatch {
			return all[0].document(), nil
		}
		return json.Marshal(map[string]any{"created": len(ids), "ids": ids})
	})
}

func (s *service) changeSession(c *call) (document, error) {
	return change(s.store, func(t *tables) (document, error) {
		changed, err := t.sessions.byID(c.param.(int64))
		if err != nil {
			return nil, err
		}
		changed.change(c.fields())
		return changed.document(), nil
	})
}

func newSession(fields map[string]any) *session {
	return &session{tutor: fields["tutor_id"].(int64), student: fields["student_id"].(int64),
		subject: fields["subject"].(string), sessionType: fields["session_type"].(string),
		scheduledStart: fields["scheduled_start"].(string), minutes: fields["duration_minutes"].(int64),
		status: "scheduled"}
}

// change takes in the fields that are given. A session that began is in progress, unless its
// status is given too.
func (s *session) change(fields map[string]any) {
	began := given[string](fields, "actual_start")
	if began != nil {
		s.actualStart, s.status = began, "in_progress"
	}
	s.status = *cmp.Or(given[string](fields, "status"), &s.status)
	s.minutes = *cmp.Or(given[int64](fields, "duration_minutes"), &s.minutes)
	s.rating = cmp.Or(given[float64](fields, "rating"), s.rating)
}

func (s *session) document() document {
	var w writer
	w.open('{')
	w.name("id").integer(s.id)
	w.name("tutor_id").integer(s.tutor)
	w.name("student_id").integer(s.student)
	s.writeMembers(&w)
	w.shut('}')
	return w.out
}

// writeMembers writes the members that a session has wherever it is shown.
func (s *session) writeMembers(w *writer) {
	w.name("subject").text(s.subject)
	w.name("session_type").text(s.sessionType)
	w.name("scheduled_start").text(s.scheduledStart)
	w.name("actual_start").textOrNull(s.actualStart)
	w.name("duration_minutes").integer(s.minutes)
	w.name("status").text(s.status)
}
