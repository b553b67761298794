package demo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
)

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
