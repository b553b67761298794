package demo

import (
	"cmp"
	"slices"
	"time"
)

func interventionRoutes() []*route {
	status := text("pending", "in_progress", "completed", "cancelled")
	outcome := text("improved", "no_change", "declined")
	priority := text(priorities...)
	view := object(
		must("id", identifier()), must("tutor_id", identifier()), must("tutor_name", text()), must("kind", text()),
		must("status", status), must("priority", priority), must("due_at", moment()),
		must("assigned_to", email().orNull()), must("outcome", outcome.orNull()), must("notes", text().orNull()))
	assignment := object(must("assigned_to", email().like("ops_manager_1@tutormax.example")), may("priority", priority))
	complete := object(must("status", status.like("completed")),
		must("outcome", outcome), may("notes", textOf(0, 2000).like("Went well")))
	id := must("intervention_id", identifier())
	const missing = "Intervention not found"
	return []*route{{
		method: "GET", path: "/api/interventions", tag: "interventions", summary: "Interventions of a status",
		access: tokenIfGiven,
		query: []field{may("status", status.like("pending")),
			may("sort", text("due_at", "priority")), may("limit", integer(1, 200))},
		answer: object(must("interventions", list(view)), must("total", count())),
		median: 26 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			return read(s.store, func(t *tables) (document, error) {
				return t.interventionsOf(argument(c, "status", "pending"),
					argument(c, "sort", "due_at") == "priority", argument(c, "limit", int64(25)))
			})
		},
	}, {
		method: "GET", path: "/api/interventions/{id}", tag: "interventions", summary: "One intervention",
		param: &id, missing: missing, answer: view,
		median: 14 * time.Millisecond, spread: 0.25,
		handle: func(s *service, c *call) (document, error) {
			return read(s.store, func(t *tables) (document, error) { return t.intervention(c.param.(int64)) })
		},
	}, {
		method: "POST", path: "/api/interventions/{id}/assign", tag: "interventions", summary: "Assign it to someone",
		param: &id, missing: missing, body: &assignment, answer: view,
		median: 24 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) { return s.changeIntervention(c, assign) },
	}, {
		method: "POST", path: "/api/interventions/{id}/outcome", tag: "interventions", summary: "Record how it ended",
		param: &id, missing: missing, body: &complete, answer: view,
		median: 24 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) { return s.changeIntervention(c, end) },
	}}
}

func (s *service) changeIntervention(c *call, with func(v *intervention, fields map[string]any)) (document, error) {
	return change(s.store, func(t *tables) (document, error) {
		v, err := t.interventions.byID(c.param.(int64))
		if err != nil {
			return nil, err
		}
		with(v, c.fields())
		return t.intervention(v.id)
	})
}

func assign(v *intervention, fields map[string]any) {
	v.assigned, v.status = given[string](fields, "assigned_to"), "in_progress"
	v.priority = *cmp.Or(given[string](fields, "priority"), &v.priority)
}

func end(v *intervention, fields map[string]any) {
	v.status = fields["status"].(string)
	v.ended, v.notes = given[string](fields, "outcome"), given[string](fields, "notes")
}

func (t *tables) intervention(id int64) (document, error) {
	v, err := t.interventions.byID(id)
	if err != nil {
		return nil, err
	}
	var w writer
	err = t.writeIntervention(&w, v)
	return w.out, err
}

// interventionsOf is those of a status that are due first, or are the most urgent ones.
func (t *tables) interventionsOf(status string, byUrgency bool, limit int64) (document, error) {
	found := t.interventions.ofStatus(status)
	total := int64(len(found))
	if byUrgency {
		slices.SortStableFunc(found, func(a, b *intervention) int {
			return cmp.Compare(urgency(a.priority), urgency(b.priority))
		})
	}
	var w writer
	w.open('{')
	w.name("interventions").open('[')
	for _, v := range found[:min(limit, total)] {
		if err := t.writeIntervention(&w, v); err != nil {
			return nil, err
		}
	}
	w.shut(']')
	w.name("total").integer(total)
	w.shut('}')
	return w.out, nil
}

func (t *tables) writeIntervention(w *writer, v *intervention) error {
	tutor, err := t.tutors.byID(v.tutor)
	if err != nil {
		return err
	}
	w.open('{')
	w.name("id").integer(v.id)
	w.name("tutor_id").integer(v.tutor)
	w.name("tutor_name").text(tutor.name)
	w.name("kind").text(v.kind)
	w.name("status").text(v.status)
	w.name("priority").text(v.priority)
	w.name("due_at").text(v.dueAt)
	w.name("assigned_to").textOrNull(v.assigned)
	w.name("outcome").textOrNull(v.ended)
	w.name("notes").textOrNull(v.notes)
	w.shut('}')
	return nil
}
