package demo

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

// queryLatency is what each query costs a service whose database is a network
// away: nothing to notice once, two hundred milliseconds in a loop over a list.
const queryLatency = 2 * time.Millisecond

const (
	tutorFields = `'id', t.id, 'name', t.name, 'email', t.email, 'subject', t.subject, 'hired_on', t.hired_on, ` +
		`'active', json(iif(t.active, 'true', 'false'))`
	metricFields = `'metrics', json_object('sessions', coalesce(m.n, 0), 'average_rating', round(m.rating, 2), ` +
		`'no_show_rate', round(coalesce(m.missed, 0), 4), 'minutes', coalesce(m.minutes, 0))`
	metricTable = `SELECT tutor_id, count(*) AS n, avg(rating) AS rating, avg(status = 'no_show') AS missed, ` +
		`sum(duration_minutes) AS minutes FROM sessions`
)

const sqlTutors = `
SELECT json_object('tutors', json_group_array(json(item)), 'total', (SELECT count(*) FROM tutors))
FROM (SELECT json_object(` + tutorFields + `) AS item FROM tutors t ORDER BY t.id LIMIT ?1 OFFSET ?2)`

const sqlTutorsMeasured = `
SELECT json_object('tutors', json_group_array(json(item)), 'total', (SELECT count(*) FROM tutors))
FROM (SELECT json_object(` + tutorFields + `, ` + metricFields + `) AS item
      FROM tutors t LEFT JOIN (` + metricTable + ` GROUP BY tutor_id) m ON m.tutor_id = t.id ORDER BY t.id LIMIT ?1 OFFSET ?2)`

const sqlTutorIDs = `SELECT CAST(id AS TEXT) FROM tutors ORDER BY id LIMIT ?1 OFFSET ?2`

const sqlTutorMeasured = `
SELECT json_object(` + tutorFields + `, ` + metricFields + `), (SELECT count(*) FROM tutors)
FROM tutors t LEFT JOIN (` + metricTable + ` WHERE tutor_id = ?1) m ON m.tutor_id = t.id WHERE t.id = ?1`

const sqlTutor = `
SELECT json_object(` + tutorFields + `, ` + metricFields + `,
    'open_interventions', (SELECT count(*) FROM interventions WHERE tutor_id = ?1 AND status IN ('pending', 'in_progress')))
FROM tutors t LEFT JOIN (` + metricTable + ` WHERE tutor_id = ?1) m ON m.tutor_id = t.id WHERE t.id = ?1`

const sqlTutorSessions = `
SELECT json_object('tutor_id', id, 'sessions', json((
    SELECT json_group_array(json_object('id', s.id, 'student_id', s.student_id, 'student_name', s.name, 'subject', s.subject,
        'session_type', s.session_type, 'scheduled_start', s.scheduled_start, 'actual_start', s.actual_start,
        'duration_minutes', s.duration_minutes, 'status', s.status))
    FROM (SELECT x.*, n.name FROM sessions x JOIN students n ON n.id = x.student_id
          WHERE x.tutor_id = ?1 ORDER BY x.scheduled_start DESC LIMIT ?2) s)))
FROM tutors WHERE id = ?1`

const sqlRecommendations = `
SELECT json_object('tutor_id', t.id, 'average_rating', round(t.rating, 2), 'recommendations', json((
    SELECT json_group_array(json_object('action', action, 'priority', priority))
    FROM (SELECT action, priority FROM advice a WHERE a.subject = t.subject AND a.below > coalesce(t.rating, 0) ORDER BY a.below))))
FROM (SELECT id, subject, (SELECT avg(rating) FROM sessions WHERE tutor_id = ?1) AS rating FROM tutors WHERE id = ?1) t`

func tutorRoutes() []*route {
	metrics := object(must("sessions", count()), must("average_rating", number(1, 5).orNull()),
		must("no_show_rate", number(0, 1)), must("minutes", count()))
	tutor := []field{
		must("id", identifier()), must("name", text()), must("email", email()), must("subject", text(subjects...)),
		must("hired_on", text()), must("active", boolean()), may("metrics", metrics),
	}
	session := object(
		must("id", identifier()), must("student_id", identifier()),
		must("student_name", text()), must("subject", text(subjects...)),
		must("session_type", text(sessionTypes...)), must("scheduled_start", moment()),
		must("actual_start", moment().orNull()),
		must("duration_minutes", count()), must("status", text(sessionStatuses...)))
	id := must("tutor_id", identifier())
	const missing = "Tutor not found"
	return []*route{{
		method: "GET", path: "/api/tutors", tag: "tutors", summary: "Tutors, on request with their figures",
		query:  []field{may("include_metrics", boolean()), may("limit", integer(1, 200)), may("offset", count())},
		answer: object(must("tutors", list(object(tutor...))), must("total", count())),
		median: 30 * time.Millisecond, spread: 0.3,
		handle: (*service).tutors,
	}, {
		method: "GET", path: "/api/tutors/{id}", tag: "tutors", summary: "One tutor and his figures",
		param: &id, missing: missing,
		answer: object(append(tutor[:len(tutor):len(tutor)], must("open_interventions", count()))...),
		median: 16 * time.Millisecond, spread: 0.25,
		handle: func(s *service, c *call) (document, error) { return s.store.one(sqlTutor, c.param) },
	}, {
		method: "GET", path: "/api/tutors/{id}/sessions", tag: "tutors", summary: "A tutor's sessions, latest first",
		param: &id, missing: missing, query: []field{may("limit", integer(1, 200))},
		answer: object(must("tutor_id", identifier()), must("sessions", list(session))),
		median: 22 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			return s.store.one(sqlTutorSessions, c.param, argument(c, "limit", int64(20)))
		},
	}, {
		method: "GET", path: "/api/tutors/{id}/recommendations", tag: "tutors", summary: "What would help a tutor",
		param: &id, missing: missing,
		answer: object(must("tutor_id", identifier()), must("average_rating", number(1, 5).orNull()),
			must("recommendations", list(object(must("action", text()), must("priority", text(priorities...)))))),
		median: 34 * time.Millisecond, spread: 0.35,
		handle: func(s *service, c *call) (document, error) { return s.store.one(sqlRecommendations, c.param) },
	}}
}

func (s *service) tutors(c *call) (document, error) {
	limit, offset := argument(c, "limit", int64(50)), argument(c, "offset", int64(0))
	query := sqlTutors
	if argument(c, "include_metrics", false) {
		if s.nPlusOne {
			return s.tutorsOneByOne(c, limit, offset)
		}
		query = sqlTutorsMeasured
	}
	fetch := func() (document, error) { return s.store.one(query, limit, offset) }
	answer, err := s.cache.get(cacheKey{query: query, limit: limit, offset: offset}, fetch)
	if errors.Is(err, errCacheDown) {
		return fetch() // whoever wrote this one has thought of it
	}
	return answer, err
}

// tutorsOneByOne gives the same answer as sqlTutorsMeasured, badly: a query for
// the list, and one more for each tutor in it.
func (s *service) tutorsOneByOne(c *call, limit, offset int64) (document, error) {
	ids, err := s.store.many(sqlTutorIDs, limit, offset)
	if err != nil {
		return nil, err
	}
	var total int
	var out bytes.Buffer
	out.WriteString(`{"tutors":[`)
	for i, id := range ids {
		var tutor []byte
		if err := s.store.read(sqlTutorMeasured, []any{string(id)}, &tutor, &total); err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(tutor)
	}
	fmt.Fprintf(&out, `],"total":%d}`, total)
	c.extra, c.queries = time.Duration(1+len(ids))*queryLatency, len(ids)
	return out.Bytes(), nil
}
