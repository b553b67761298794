package notify_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/notify"
)

// A list without an end is left, and limits of the second kind are kept.
func TestCommentTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, pages := time.Now(), 0
		c := notify.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if time.Since(start) < 5*time.Second {
				return answer(403, http.Header{"Retry-After": {"5"}}), nil
			}
			res := answer(200, http.Header{"Link": {`<https://api.github.com/again>; rel="next"`}})
			text := `{}`
			if r.Method == http.MethodGet {
				pages++
				text = `[]`
			}
			res.Body = readCloser{strings.NewReader(text)}
			return res, nil
		})}
		_, err := c.Comment(t.Context(), notify.Pull{API: "https://api.github.com", Repository: "o/r", Number: 7},
			token, comment(t, "x", "new"))
		if err != nil || pages != 50 || time.Since(start) != 5*time.Second {
			t.Errorf("Comment() = %v after %d pages and %v", err, pages, time.Since(start))
		}
	})
}

// A token that has used up its requests is told so, not that it may not write.
func TestCommentRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reset := strconv.FormatInt(time.Now().Add(40*time.Minute).Unix(), 10)
		c := notify.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			return answer(403, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {reset}}), nil
		})}
		_, err := c.Comment(t.Context(), notify.Pull{API: "https://api.github.com", Repository: "o/r", Number: 7},
			token, comment(t, "x", "new"))
		var refused *notify.Error
		if !errors.As(err, &refused) || refused.Status != http.StatusTooManyRequests ||
			!strings.Contains(err.Error(), "403") {
			t.Errorf("Comment() = %v, want an *Error of 429 that names the answer's 403", err)
		}
	})
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
