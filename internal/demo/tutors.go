package demo

import (
	"errors"
	"time"
)

// queryLatency is what each query costs a service whose database is a network
// away: nothing to notice once, two hundred milliseconds in a loop over a list.
const queryLatency = 2 * time.Millisecond

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
		handle: func(s *service, c *call) (document, error) {
			return read(s.store, func(t *tables) (document, error) { return t.tutor(c.param.(int64)) })
		},
	}, {
		method: "GET", path: "/api/tutors/{id}/sessions", tag: "tutors", summary: "A tutor's sessions, latest first",
		param: &id, missing: missing, query: []field{may("limit", integer(1, 200))},
		answer: object(must("tutor_id", identifier()), must("sessions", list(session))),
		median: 22 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			return read(s.store, func(t *tables) (document, error) {
				return t.sessionsOf(c.param.(int64), argument(c, "limit", int64(20)))
			})
		},
	}, {
		method: "GET", path: "/api/tutors/{id}/recommendations", tag: "tutors", summary: "What would help a tutor",
		param: &id, missing: missing,
		answer: object(must("tutor_id", identifier()), must("average_rating", number(1, 5).orNull()),
			must("recommendations", list(object(must("action", text()), must("priority", text(priorities...)))))),
		median: 34 * time.Millisecond, spread: 0.35,
		handle: func(s *service, c *call) (document, error) {
			return read(s.store, func(t *tables) (document, error) { return t.recommendations(c.param.(int64)) })
		},
	}}
}

func (s *service) tutors(c *call) (document, error) {
	limit, offset := argument(c, "limit", int64(50)), argument(c, "offset", int64(0))
	key := cacheKey{query: "tutors", limit: limit, offset: offset}
	measured := argument(c, "include_metrics", false)
	if measured {
		if s.nPlusOne {
			return s.tutorsOneByOne(c, limit, offset)
		}
		key.query = "tutors measured"
	}
	fetch := func() (document, error) {
		return read(s.store, func(t *tables) (document, error) { return t.tutorsPage(measured, limit, offset), nil })
	}
	answer, err := s.cache.get(key, fetch)
	if errors.Is(err, errCacheDown) {
		return fetch() // whoever wrote this one has thought of it
	}
	return answer, err
}

// tutorsOneByOne gives the same answer as tutorsPage, badly: a query for the list, and one
// more for each tutor in it.
func (s *service) tutorsOneByOne(c *call, limit, offset int64) (document, error) {
	page, err := read(s.store, func(t *tables) (rows[tutor], error) { return t.tutors.page(limit, offset), nil })
	if err != nil {
		return nil, err
	}
	var total int64
	var w writer
	w.open('{')
	w.name("tutors").open('[')
	for _, listed := range page {
		if total, err = read(s.store, func(t *tables) (int64, error) {
			tutor, err := t.tutors.byID(listed.id)
			if err != nil {
				return 0, err
			}
			tutor.write(&w)
			t.figuresOf(tutor.id).write(&w)
			w.shut('}')
			return int64(len(t.tutors)), nil
		}); err != nil {
			return nil, err
		}
	}
	w.shut(']')
	w.name("total").integer(total)
	w.shut('}')
	c.extra, c.queries = time.Duration(1+len(page))*queryLatency, len(page)
	return w.out, nil
}
