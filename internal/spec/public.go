package spec

import "net/url"

// Public is the target's URL without credentials and query, fit to be shown.
func (t Target) Public() string {
	u, err := url.Parse(t.URL)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
