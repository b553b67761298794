// The rules of GitHub's REST API that this file keeps: a comment on a pull
// request is one on its issue; lists come in pages of at most 100, the next
// one named by the Link header; an address in an answer is followed only to
// the host that was asked, since the token goes with it.

package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// pageLimit bounds how many pages of comments are read.
const pageLimit = 50

// Placed says what became of a comment.
type Placed struct {
	Updated bool   // an earlier one; false: it is new
	Page    string // its address for people; may be empty
}

// Comment puts a comment on a pull request. It replaces the one that an earlier
// run left under the same name, else it adds one. Comments by others are left
// alone, whatever they hold. The error is an *Error, that of ctx, or an answer
// that cannot be read.
func (c *Client) Comment(ctx context.Context, on Pull, token string, comment Comment) (Placed, error) {
	if err := on.Check(); err != nil {
		return Placed{}, err
	}
	g := github{client: c, api: strings.TrimSuffix(on.API, "/"), token: token}
	var placed Placed
	// A retry begins again with the search: it finds a comment whose answer was
	// lost, so that none is written twice.
	err := c.retry(ctx, func(ctx context.Context) (err error) {
		placed, err = g.place(ctx, on, comment)
		return err
	})
	return placed, err
}

type github struct {
	client     *Client
	api, token string
}

// apiComment is a comment as the API returns it.
type apiComment struct {
	ID   int64   `json:"id"`
	Body string  `json:"body"`
	Page string  `json:"html_url"`
	User account `json:"user"`
}

// account is an author; Type is User or Bot.
type account struct {
	Login string `json:"login"`
	Type  string `json:"type"`
}

func (g github) place(ctx context.Context, on Pull, comment Comment) (Placed, error) {
	repository := g.api + "/repos/" + on.Repository
	list := repository + "/issues/" + strconv.Itoa(on.Number) + "/comments"
	marked, err := g.markedComments(ctx, list, comment.marker)
	if err != nil {
		return Placed{}, err
	}
	old, found, err := g.ownComment(ctx, marked)
	if err != nil {
		return Placed{}, err
	}
	method, address := http.MethodPost, list
	if found {
		method, address = http.MethodPatch, repository+"/issues/comments/"+strconv.FormatInt(old.ID, 10)
	}
	body, err := json.Marshal(map[string]string{"body": comment.Body})
	if err != nil {
		return Placed{}, fmt.Errorf("write comment: %w", err)
	}
	var written apiComment
	_, err = g.ask(ctx, method, address, body, &written)
	return Placed{Updated: found, Page: written.Page}, err
}

// markedComments are the comments that end in a marker, oldest first.
func (g github) markedComments(ctx context.Context, list, marker string) ([]apiComment, error) {
	var found []apiComment
	next := list + "?per_page=100"
	for range pageLimit {
		var page []apiComment
		header, err := g.ask(ctx, http.MethodGet, next, nil, &page)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if strings.HasSuffix(strings.TrimSpace(r.Body), marker) {
				found = append(found, r)
			}
		}
		if next = g.next(header); next == "" {
			break
		}
	}
	return found, nil
}

var linkNext = regexp.MustCompile(`<([^>]*)>[^,]*;\s*rel="next"`)

// next is the address of the next page; empty: this was the last, or it is
// elsewhere.
func (g github) next(h http.Header) string {
	m := linkNext.FindStringSubmatch(strings.Join(h.Values("Link"), ", "))
	if m == nil {
		return ""
	}
	here, err := url.Parse(g.api)
	if err != nil {
		return ""
	}
	there, err := here.Parse(m[1])
	if err != nil || there.Host != here.Host || there.Scheme != here.Scheme {
		return ""
	}
	return there.String()
}

// ownComment finds among marked comments the one that this token wrote. The token of
// a job belongs to an app, which the API does not name to itself: its
// comments are those of a bot. Anybody can write a marker, so those of other
// people are none.
func (g github) ownComment(ctx context.Context, marked []apiComment) (apiComment, bool, error) {
	if len(marked) == 0 {
		return apiComment{}, false, nil
	}
	var self account
	_, err := g.ask(ctx, http.MethodGet, g.api+"/user", nil, &self)
	var refused *Error
	if again := (retryable{}); errors.As(err, &refused) && !errors.As(err, &again) && refused.Status >= 400 {
		self, err = account{}, nil
	}
	if err != nil {
		return apiComment{}, false, err
	}
	for _, r := range marked {
		if self.Login != "" && r.User.Login == self.Login || self.Login == "" && r.User.Type == "Bot" {
			return r, true, nil
		}
	}
	return apiComment{}, false, nil
}

// ask makes one exchange and reads its answer into a value.
func (g github) ask(ctx context.Context, method, address string, body []byte, into any) (http.Header, error) {
	header := http.Header{
		"Accept":        {"application/vnd.github+json"},
		"Authorization": {"Bearer " + g.token},
		"User-Agent":    {"loadgate"},
	}
	header.Set("X-GitHub-Api-Version", "2022-11-28")
	if body != nil {
		header.Set("Content-Type", "application/json")
	}
	got, answer, err := g.client.exchange(ctx, request{
		method: method, address: address, header: header, body: body, secret: secret{g.token}, words: message,
	})
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return nil, &Error{Host: hostOf(address), cause: "its answer is not what GitHub's API says"}
	}
	return got, nil
}

// message is what GitHub says of an error.
func message(body []byte) string {
	var doc struct{ Message string }
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	return doc.Message
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
