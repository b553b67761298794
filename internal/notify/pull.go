package notify

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Pull is a pull request, and where its comments are kept.
type Pull struct {
	API        string // such as https://api.github.com
	Repository string // OWNER/NAME
	Number     int    // from 1
}

// String is how people write a pull request.
func (p Pull) String() string { return fmt.Sprintf("%s#%d", p.Repository, p.Number) }

var repositoryName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$`)

// Check accepts what an address can be made of.
func (p Pull) Check() error {
	u, err := url.Parse(cmp.Or(p.API, "?"))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "":
		return fmt.Errorf("GITHUB_API_URL=%q is not an address; write one such as https://api.github.com", p.API)
	case !repositoryName.MatchString(p.Repository) || strings.HasSuffix(p.Repository, "/..") ||
		strings.HasSuffix(p.Repository, "/."):
		return fmt.Errorf("GITHUB_REPOSITORY=%q is not OWNER/NAME", p.Repository)
	case p.Number < 1:
		return fmt.Errorf("%d is not the number of a pull request", p.Number)
	}
	return nil
}

// DetectPull is the pull request that a step of GitHub Actions belongs to, by its
// environment and the event that started it, which may be empty. A number from 1 names
// the pull request itself. False: the step belongs to none.
func DetectPull(getenv func(string) (string, bool), event []byte, number int) (Pull, bool) {
	p := Pull{
		API:        cmp.Or(variable(getenv, "GITHUB_API_URL"), "https://api.github.com"),
		Repository: variable(getenv, "GITHUB_REPOSITORY"),
		Number:     number,
	}
	if p.Number > 0 {
		return p, true
	}
	var ok bool
	p.Number, ok = numberOf(event, variable(getenv, "GITHUB_REF"))
	return p, ok
}

// numberOf finds the number of the pull request in the event that started a run, or in the ref that
// it checked out. False: the run belongs to no pull request.
func numberOf(event []byte, ref string) (int, bool) {
	var doc struct {
		PullRequest struct {
			Number int `json:"number"`
		} `json:"pull_request"`
	}
	if json.Unmarshal(event, &doc) == nil && doc.PullRequest.Number > 0 {
		return doc.PullRequest.Number, true
	}
	rest, ok := strings.CutPrefix(ref, "refs/pull/")
	digits, kind, slash := strings.Cut(rest, "/")
	n, err := strconv.Atoi(digits)
	return n, ok && slash && kind != "" && err == nil && n > 0
}
