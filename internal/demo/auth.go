package demo

import (
	"crypto/subtle"
	"encoding/json"
	"time"
)

func authRoutes() []*route {
	credentials := object(
		must("username", textOf(1, 254).like("ops_manager@tutormax.example")),
		must("password", textOf(1, 200).like(demoPassword)),
	)
	return []*route{{
		method: "POST", path: "/api/auth/login", tag: "auth", summary: "Log in with JSON or a form",
		body: &credentials, form: true,
		answer: object(must("access_token", text()), must("token_type", text("bearer"))),
		median: 38 * time.Millisecond, spread: 0.25,
		handle: (*service).login,
	}}
}

func (s *service) login(c *call) (document, error) {
	given := hashPassword(c.fields()["password"].(string))
	known, err := read(s.store, func(t *tables) (user, error) {
		u := t.byEmail[c.fields()["username"].(string)]
		if u == nil || !u.active {
			return user{}, errNoRow
		}
		return *u, nil
	})
	if err != nil || subtle.ConstantTimeCompare(given, known.password) != 1 {
		return nil, unauthorized("Incorrect username or password")
	}
	return json.Marshal(map[string]string{"access_token": s.tokens.issue(known.id), "token_type": "bearer"})
}
