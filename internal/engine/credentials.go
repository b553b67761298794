package engine

import (
	"errors"

	"github.com/loadgate/loadgate/internal/client/digest"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
)

// credentials are those of digest authentication.
type credentials struct {
	from  config.Header
	fixed *digest.Credentials // nil: they have an expression
}

// credentialsOf are those among headers; nil: there are none.
func credentialsOf(headers []config.Header) *credentials {
	for _, h := range headers {
		if !h.Digest {
			continue
		}
		c := &credentials{from: h}
		if text, ok := h.Value.Static(); ok {
			c.fixed, _ = read(h, text) // config has made it of a user and a password
		}
		return c
	}
	return nil
}

// FixedCredentials are those among the headers of a target that are the same for every request; nil: there are none.
func FixedCredentials(headers []config.Header) *digest.Credentials {
	if c := credentialsOf(headers); c != nil {
		return c.fixed
	}
	return nil
}

// of are those that a user has.
func (c *credentials) of(env *expr.Env) (*digest.Credentials, error) {
	if c.fixed != nil {
		return c.fixed, nil
	}
	value, err := c.from.Value.Append(nil, env)
	if err != nil {
		return nil, err
	}
	return read(c.from, string(value))
}

func read(h config.Header, value string) (*digest.Credentials, error) {
	user, password, ok := h.Credentials(value)
	if !ok {
		return nil, errors.New("digest: there is no user name with a password")
	}
	return &digest.Credentials{User: user, Password: password}, nil
}
