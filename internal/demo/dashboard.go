package demo

import "time"

const sqlDashboard = `
SELECT json_object(
    'total_sessions', count(*),
    'completed_sessions', count(*) FILTER (WHERE status = 'completed'),
    'scheduled_sessions', count(*) FILTER (WHERE status = 'scheduled'),
    'no_show_rate', round(1.0 * count(*) FILTER (WHERE status = 'no_show') / count(*), 4),
    'average_rating', round(avg(rating), 2),
    'active_tutors', (SELECT count(*) FROM tutors WHERE active),
    'active_alerts', (SELECT count(*) FROM alerts WHERE status = 'active'),
    'pending_interventions', (SELECT count(*) FROM interventions WHERE status = 'pending'),
    'recommend_rate', (SELECT round(avg(would_recommend), 4) FROM feedback))
FROM sessions`

const sqlAnalytics = `
WITH by_tutor AS (
    SELECT tutor_id, count(*) AS held, avg(rating) AS rating, sum(duration_minutes) AS minutes
    FROM sessions WHERE status = 'completed' GROUP BY tutor_id),
ranked AS (
    SELECT t.id, t.name, t.subject, b.held, b.minutes, b.rating, rank() OVER (ORDER BY b.rating DESC) AS place
    FROM by_tutor b JOIN tutors t ON t.id = b.tutor_id)
SELECT json_object(
    'subjects', json((SELECT json_group_array(json_object('subject', subject, 'tutors', n, 'sessions', held, 'hours', hours, 'average_rating', rating))
        FROM (SELECT subject, count(*) AS n, sum(held) AS held, round(sum(minutes) / 60.0, 1) AS hours, round(avg(rating), 2) AS rating
              FROM ranked GROUP BY subject ORDER BY subject))),
    'top_tutors', json((SELECT json_group_array(json_object('tutor_id', id, 'name', name, 'sessions', held, 'average_rating', round(rating, 2)))
        FROM (SELECT * FROM ranked WHERE place <= 10 ORDER BY place, id LIMIT 10))))`

const sqlAlerts = `
SELECT json_object('alerts', json_group_array(json_object(
    'id', id, 'tutor_id', tutor_id, 'tutor_name', name, 'kind', kind, 'severity', severity, 'status', status, 'raised_at', raised_at)))
FROM (SELECT a.*, t.name FROM alerts a JOIN tutors t ON t.id = a.tutor_id
      WHERE a.status = ?1 ORDER BY a.raised_at DESC LIMIT ?2)`

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
			return s.cache.get(cacheKey{query: sqlDashboard},
				func() (document, error) { return s.store.one(sqlDashboard) })
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
			return s.cache.get(cacheKey{query: sqlAnalytics},
				func() (document, error) { return s.store.one(sqlAnalytics) })
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
			return s.cache.get(cacheKey{query: sqlAlerts, text: status, limit: limit}, func() (document, error) {
				return s.store.one(sqlAlerts, status, limit)
			})
		},
	}}
}
