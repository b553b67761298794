package demo

import (
	"time"
)

const (
	userFields = `'id', u.id, 'name', u.name, 'email', u.email, 'active', json(iif(u.active, 'true', 'false')),
    'roles', json((SELECT json_group_array(role) FROM user_roles r WHERE r.user_id = u.id))`
	userMatches = `(?1 = '' OR u.name LIKE ?2 OR u.email LIKE ?2 OR EXISTS (SELECT 1 FROM user_roles r WHERE ` +
		`r.user_id = u.id AND r.role LIKE ?2))`
)

const sqlUsers = `
SELECT json_object('users', json_group_array(json(item)), 'page', ?3, 'limit', ?4, 'total', (SELECT count(*) FROM users u WHERE ` + userMatches + `))
FROM (SELECT json_object(` + userFields + `) AS item FROM users u WHERE ` + userMatches + ` ORDER BY u.id LIMIT ?4 OFFSET (?3 - 1) * ?4)`

const sqlUser = `SELECT json_object(` + userFields + `) FROM users u WHERE u.id = ?1`

const (
	sqlDropRoles = `DELETE FROM user_roles WHERE user_id = ?1`
	sqlAddRole   = `INSERT OR IGNORE INTO user_roles SELECT id, ?2 FROM users WHERE id = ?1`
)

func adminRoutes() []*route {
	user := object(
		must("id", identifier()), must("name", text()), must("email", email()),
		must("active", boolean()), must("roles", list(text(roles...))))
	change := object(must("roles", listOf(1, 6, text(roles...)).like([]string{"tutor"})))
	id := must("user_id", identifier())
	const missing = "User not found"
	return []*route{{
		method: "GET", path: "/api/admin/users", tag: "admin",
		summary: "Users, a page at a time, or those that match a search",
		query: []field{may("page", integer(1, 10_000)), may("limit", integer(1, 200)),
			may("search", textOf(0, 100).like("smith"))},
		answer: object(must("users", list(user)), must("page", identifier()),
			must("limit", identifier()), must("total", count())),
		median: 28 * time.Millisecond, spread: 0.3,
		handle: func(s *service, c *call) (document, error) {
			search := argument(c, "search", "")
			return s.store.one(sqlUsers, search, "%"+search+"%",
				argument(c, "page", int64(1)), argument(c, "limit", int64(50)))
		},
	}, {
		method: "GET", path: "/api/admin/users/{id}", tag: "admin", summary: "One user",
		param: &id, missing: missing, answer: user,
		median: 12 * time.Millisecond, spread: 0.25,
		handle: func(s *service, c *call) (document, error) { return s.store.one(sqlUser, c.param) },
	}, {
		method: "PATCH", path: "/api/admin/users/{id}/roles", tag: "admin", summary: "Replace a user's roles",
		param: &id, missing: missing, body: &change, answer: user,
		median: 22 * time.Millisecond, spread: 0.3,
		handle: (*service).changeRoles,
	}}
}

func (s *service) changeRoles(c *call) (document, error) {
	var user []byte
	err := s.store.change(func(t *transaction) error {
		if err := t.exec(sqlDropRoles, c.param); err != nil {
			return err
		}
		for _, role := range c.fields()["roles"].([]any) {
			if err := t.exec(sqlAddRole, c.param, role); err != nil {
				return err
			}
		}
		return t.row(sqlUser, []any{c.param}, &user)
	})
	return user, err
}
