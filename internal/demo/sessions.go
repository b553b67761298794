package demo

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// keptSessions bounds the table: of the sessions that clients create the
// newest so many are kept, the seeded ones always.
const keptSessions = 20_000

var sessionStatuses = []string{"scheduled", "in_progress", "completed", "cancelled", "no_show", "rescheduled"}

const sessionJSON = `json_object(
    'id', id, 'tutor_id', tutor_id, 'student_id', student_id, 'subject', subject, 'session_type', session_type,
    'scheduled_start', scheduled_start, 'actual_start', actual_start, 'duration_minutes', duration_minutes, 'status', status)`

// sqlCreateSession inserts nothing when the tutor or the student does not exist.
const sqlCreateSession = `
INSERT INTO sessions (tutor_id, student_id, subject, session_type, scheduled_start, duration_minutes, status)
SELECT t.id, s.id, ?3, ?4, ?5, ?6, 'scheduled' FROM tutors t, students s WHERE t.id = ?1 AND s.id = ?2
RETURNING id, ` + sessionJSON

const sqlChangeSession = `
UPDATE sessions SET actual_start = coalesce(?2, actual_start), duration_minutes = coalesce(?3, duration_minutes),
    rating = coalesce(?5, rating), status = coalesce(?4, iif(?2 IS NULL, status, 'in_progress'))
WHERE id = ?1 RETURNING ` + sessionJSON

const sqlForgetSessions = `DELETE FROM sessions WHERE id > ?1 AND id <= (SELECT max(id) FROM sessions) - ?2`

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
		handle: func(s *service, c *call) (document, error) {
			f := c.fields()
			return s.store.changeOne(sqlChangeSession, c.param,
				f["actual_start"], f["duration_minutes"], f["status"], f["rating"])
		},
	}}
}

func (s *service) createSessions(c *call) (document, error) {
	batch, isBatch := c.body.([]any)
	if !isBatch {
		batch = []any{c.body}
	}
	var one []byte
	ids := make([]int64, len(batch))
	err := s.store.change(func(t *transaction) error {
		for i := range batch {
			f := batch[i].(map[string]any)
			err := t.row(sqlCreateSession, []any{f["tutor_id"], f["student_id"],
				f["subject"], f["session_type"], f["scheduled_start"], f["duration_minutes"]}, &ids[i], &one)
			if errors.Is(err, sql.ErrNoRows) {
				return &refusal{status: http.StatusNotFound, Detail: "Tutor or student not found"}
			}
			if err != nil {
				return err
			}
		}
		return t.exec(sqlForgetSessions, seededSessions, keptSessions)
	})
	if err != nil || !isBatch {
		return one, err
	}
	return json.Marshal(map[string]any{"created": len(ids), "ids": ids})
}
