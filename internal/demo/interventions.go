package demo

import "time"

const interventionJSON = `json_object(
    'id', i.id, 'tutor_id', i.tutor_id, 'tutor_name', t.name, 'kind', i.kind, 'status', i.status, 'priority', i.priority,
    'due_at', i.due_at, 'assigned_to', i.assigned_to, 'outcome', i.outcome, 'notes', i.notes)`

const sqlInterventions = `
SELECT json_object('interventions', json_group_array(json(item)), 'total', (SELECT count(*) FROM interventions WHERE status = ?1))
FROM (SELECT ` + interventionJSON + ` AS item
      FROM interventions i JOIN tutors t ON t.id = i.tutor_id WHERE i.status = ?1
      ORDER BY CASE WHEN ?2 = 'priority' THEN CASE i.priority WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END END, i.due_at LIMIT ?3)`

const sqlIntervention = `
SELECT ` + interventionJSON + ` FROM interventions i JOIN tutors t ON t.id = i.tutor_id WHERE i.id = ?1`

const returnIntervention = ` RETURNING json_object(
    'id', id, 'tutor_id', tutor_id, 'tutor_name', (SELECT name FROM tutors WHERE tutors.id = tutor_id), 'kind', kind, 'status', status, 'priority', priority,
    'due_at', due_at, 'assigned_to', assigned_to, 'outcome', outcome, 'notes', notes)`

const sqlAssign = `
UPDATE interventions SET assigned_to = ?2, priority = coalesce(?3, priority), status = 'in_progress' WHERE id = ?1` + returnIntervention

const sqlComplete = `
UPDATE interventions SET status = ?2, outcome = ?3, notes = ?4 WHERE id = ?1` + returnIntervention

func interventionRoutes() []*route {
	status := text("pending", "in_progress", "completed", "cancelled")
	outcome := text("improved", "no_change", "declined")
	priority := text(priorities...)
	intervention := object(
		must("id", identifier()), must("tutor_id", identifier()), must("tutor_name", text()), must("kind", text()),
		must("status", status), must("priority", priority), must("due_at", moment()),
		must("assigned_to", email().orNull()), must("outcome", outcome.orNull()), must("notes", text().orNull()))
	assign := object(must("assigned_to", email().like("ops_manager_1@tutormax.example")), may("priority", priority))
	complete := object(must("status", status.like("completed")),
		must("outcome", outcome), may("notes", textOf(0, 2000).like("Went well")))
	id := must("intervention_id", identifier())
	const missing = "Intervention not found"
	return []*route{{
		method: "GET", path: "/api/interventions", tag: "interventions", summary: "Interventions of a status",
		access: tokenIfGiven,
		query: []field{may("status", status.like("pending")),
			may("sort", text("due_at", "priority")), may("limit", integer(1, 200))},
		answer: object(must("interventions", list(intervention)), must("total", count())),
		median: 26 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			return s.store.one(sqlInterventions, argument(c, "status", "pending"),
				argument(c, "sort", "due_at"), argument(c, "limit", int64(25)))
		},
	}, {
		method: "GET", path: "/api/interventions/{id}", tag: "interventions", summary: "One intervention",
		param: &id, missing: missing, answer: intervention,
		median: 14 * time.Millisecond, spread: 0.25,
		handle: func(s *service, c *call) (document, error) { return s.store.one(sqlIntervention, c.param) },
	}, {
		method: "POST", path: "/api/interventions/{id}/assign", tag: "interventions", summary: "Assign it to someone",
		param: &id, missing: missing, body: &assign, answer: intervention,
		median: 24 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			return s.store.changeOne(sqlAssign, c.param, c.fields()["assigned_to"], c.fields()["priority"])
		},
	}, {
		method: "POST", path: "/api/interventions/{id}/outcome", tag: "interventions", summary: "Record how it ended",
		param: &id, missing: missing, body: &complete, answer: intervention,
		median: 24 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			return s.store.changeOne(sqlComplete, c.param, c.fields()["status"],
				c.fields()["outcome"], c.fields()["notes"])
		},
	}}
}
