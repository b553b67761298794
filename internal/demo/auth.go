package demo

import (
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

const sqlLogin = `SELECT id, password FROM users WHERE email = ?1 AND active`

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
	var id int64
	var password []byte
	given := hashPassword(c.fields()["password"].(string))
	err := s.store.read(sqlLogin, []any{c.fields()["username"]}, &id, &password)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if err != nil || subtle.ConstantTimeCompare(given, password) != 1 {
		return nil, unauthorized("Incorrect username or password")
	}
	return json.Marshal(map[string]string{"access_token": s.tokens.issue(id), "token_type": "bearer"})
}
