package demo

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
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

// tokens signs and verifies bearer tokens. It keeps none of them, so logins
// cost no memory however many there are. It is safe for concurrent use.
type tokens struct {
	key    []byte
	serial atomic.Uint64
}

func newTokens(seed uint64) *tokens {
	return &tokens{key: binary.BigEndian.AppendUint64([]byte("tutormax demo tokens"), seed)}
}

// issue returns a token that differs from every earlier one.
func (t *tokens) issue(user int64) string {
	claim := fmt.Sprintf("tmx.%d.%d", user, t.serial.Add(1))
	return claim + "." + t.sign(claim)
}

func (t *tokens) valid(token string) bool {
	i := strings.LastIndexByte(token, '.')
	return i > 0 && hmac.Equal([]byte(token[i+1:]), []byte(t.sign(token[:i])))
}

func (t *tokens) sign(claim string) string {
	mac := hmac.New(sha256.New, t.key)
	_, _ = mac.Write([]byte(claim)) // a hash never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// admit judges a request's Authorization header.
func (t *tokens) admit(want access, header string) error {
	if want == open || want == tokenIfGiven && header == "" {
		return nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	switch {
	case header == "" || !strings.EqualFold(scheme, "Bearer"):
		return unauthorized("Not authenticated")
	case !t.valid(strings.TrimSpace(token)):
		return unauthorized("Could not validate credentials")
	}
	return nil
}

func unauthorized(detail string) error {
	return &refusal{status: http.StatusUnauthorized, Detail: detail}
}
