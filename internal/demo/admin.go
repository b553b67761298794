package demo

import (
	"slices"
	"time"
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
			return read(s.store, func(t *tables) (document, error) {
				return t.usersPage(argument(c, "search", ""),
					argument(c, "page", int64(1)), argument(c, "limit", int64(50))), nil
			})
		},
	}, {
		method: "GET", path: "/api/admin/users/{id}", tag: "admin", summary: "One user",
		param: &id, missing: missing, answer: user,
		median: 12 * time.Millisecond, spread: 0.25,
		handle: func(s *service, c *call) (document, error) {
			return read(s.store, func(t *tables) (document, error) {
				u, err := t.users.byID(c.param.(int64))
				if err != nil {
					return nil, err
				}
				return u.document(), nil
			})
		},
	}, {
		method: "PATCH", path: "/api/admin/users/{id}/roles", tag: "admin", summary: "Replace a user's roles",
		param: &id, missing: missing, body: &change, answer: user,
		median: 22 * time.Millisecond, spread: 0.3,
		handle: (*service).changeRoles,
	}}
}

func (s *service) changeRoles(c *call) (document, error) {
	return change(s.store, func(t *tables) (document, error) {
		u, err := t.users.byID(c.param.(int64))
		if err != nil {
			return nil, err
		}
		u.roles = nil
		for _, role := range c.fields()["roles"].([]any) {
			u.roles = append(u.roles, role.(string))
		}
		slices.Sort(u.roles)
		u.roles = slices.Compact(u.roles)
		return u.document(), nil
	})
}

// usersPage is a page of the users that match a search in their name, address or a role; ""
// matches all.
func (t *tables) usersPage(search string, page, limit int64) document {
	found := t.users
	if search != "" {
		found = nil
		for _, u := range t.users {
			if u.matches(search) {
				found = append(found, u)
			}
		}
	}
	var w writer
	w.open('{')
	w.name("users").open('[')
	for _, u := range found.page(limit, (page-1)*limit) {
		u.write(&w)
	}
	w.shut(']')
	w.name("page").integer(page)
	w.name("limit").integer(limit)
	w.name("total").integer(int64(len(found)))
	w.shut('}')
	return w.out
}

func (u *user) matches(search string) bool {
	return contains(u.name, search) || contains(u.email, search) ||
		slices.ContainsFunc(u.roles, func(role string) bool { return contains(role, search) })
}

func (u *user) document() document {
	var w writer
	u.write(&w)
	return w.out
}

func (u *user) write(w *writer) {
	w.open('{')
	w.name("id").integer(u.id)
	w.name("name").text(u.name)
	w.name("email").text(u.email)
	w.name("active").boolean(u.active)
	w.name("roles").open('[')
	for _, role := range u.roles {
		w.text(role)
	}
	w.shut(']')
	w.shut('}')
}
