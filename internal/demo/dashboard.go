package demo

import "time"

func dashboardRoutes() []*route {
	ratio, rating := number(0, 1), number(1, 5)
	alertStatus := text("active", "acknowledged", "resolved")
	return []*route{{
		method: "GET", path: "/api/dashboard/metrics", tag: "dashboard", summary: "Figures of the whole platform",
		access: tokenRequired,
		answer: object(
			must("total_sessions", count()), must("completed_sessions", count()), must("scheduled_sessions", count()),
			must("no_show_rate", ratio), must("average_rating", rating), must("active_tutors", count()),
			must("active_alerts", count()), must("pending_interventions", count()), must("recommend_rate", ratio)),
		median: 32 * time.Millisecond, spread: 0.3,
		handle: func(s *service, _ *call) (document, error) {
			return s.cache.get(cacheKey{query: "dashboard"}, func() (document, error) {
				return read(s.store, func(t *tables) (document, error) { return t.dashboard(), nil })
			})
		},
	}, {
		method: "GET", path: "/api/performance/analytics", tag: "dashboard",
		summary: "Performance by subject and the best tutors",
		access:  tokenRequired,
		answer: object(
			must("subjects", list(object(must("subject", text(subjects...)), must("tutors", count()),
				must("sessions", count()), must("hours", number(0, 1e9)), must("average_rating", rating)))),
			must("top_tutors",
				list(object(must("tutor_id", identifier()), must("name", text()),
					must("sessions", count()), must("average_rating", rating))))),
		median: 40 * time.Millisecond, spread: 0.35,
		handle: func(s *service, _ *call) (document, error) {
			return s.cache.get(cacheKey{query: "analytics"}, func() (document, error) {
				return read(s.store, func(t *tables) (document, error) { return t.analytics(), nil })
			})
		},
	}, {
		method: "GET", path: "/api/alerts", tag: "dashboard", summary: "Alerts of a status, newest first",
		access: tokenRequired,
		query:  []field{may("status", alertStatus.like("active")), may("limit", integer(1, 200))},
		answer: object(must("alerts", list(object(
			must("id", identifier()), must("tutor_id", identifier()), must("tutor_name", text()), must("kind", text()),
			must("severity", text("critical", "warning", "info")),
			must("status", alertStatus), must("raised_at", moment()))))),
		median: 18 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			status, limit := argument(c, "status", "active"), argument(c, "limit", int64(50))
			return s.cache.get(cacheKey{query: "alerts", text: status, limit: limit}, func() (document, error) {
				return read(s.store, func(t *tables) (document, error) { return t.alertsOf(status, limit) })
			})
		},
	}}
}

// dashboard counts over the whole of the tables.
func (t *tables) dashboard() document {
	var rating mean
	byStatus := map[string]int64{}
	for _, s := range t.sessions.all {
		byStatus[s.status]++
		rating.add(s.rating)
	}
	all := int64(len(t.sessions.all))
	var w writer
	w.open('{')
	w.name("total_sessions").integer(all)
	w.name("completed_sessions").integer(byStatus["completed"])
	w.name("scheduled_sessions").integer(byStatus["scheduled"])
	w.name("no_show_rate").decimal(ratio(byStatus["no_show"], all), 4)
	w.name("average_rating").decimalOrNull(rating.value(), 2)
	w.name("active_tutors").integer(countOf(t.tutors, func(t tutor) bool { return t.active }))
	w.name("active_alerts").integer(countOf(t.alerts, func(a alert) bool { return a.status == "active" }))
	w.name("pending_interventions").integer(int64(len(t.interventions.ofStatus("pending"))))
	recommend := countOf(t.feedback.all, func(f *feedback) bool { return f.recommends })
	w.name("recommend_rate").decimal(ratio(recommend, int64(len(t.feedback.all))), 4)
	w.shut('}')
	return w.out
}

// countOf is the number of rows that are so.
func countOf[R any](rows []R, so func(R) bool) (n int64) {
	for _, row := range rows {
		if so(row) {
			n++
		}
	}
	return n
}

// alertsOf is the newest alerts of a status.
func (t *tables) alertsOf(status string, limit int64) (document, error) {
	var w writer
	w.open('{')
	w.name("alerts").open('[')
	for _, a := range t.alerts {
		if a.status != status {
			continue
		}
		if limit--; limit < 0 {
			break
		}
		tutor, err := t.tutors.byID(a.tutor)
		if err != nil {
			return nil, err
		}
		w.open('{')
		w.name("id").integer(a.id)
		w.name("tutor_id").integer(a.tutor)
		w.name("tutor_name").text(tutor.name)
		w.name("kind").text(a.kind)
		w.name("severity").text(a.severity)
		w.name("status").text(a.status)
		w.name("raised_at").text(a.raisedAt)
		w.shut('}')
	}
	w.shut(']')
	w.shut('}')
	return w.out, nil
}
