package recording

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// serviceAddress is the address of the service: that of the first page, else the one that
// was asked most often for data, else one that sent on, else one that took what it was sent
// without a word. Beacons, checks of certificates and files of pages are asked of others.
func serviceAddress(all [][]*entry, o draft.Options) (*url.URL, error) {
	if o.URL != "" {
		if u, err := url.Parse(o.URL); err == nil && u.Host != "" {
			for _, entries := range all {
				if slices.ContainsFunc(entries, func(e *entry) bool { return e.url.Host == u.Host }) {
					return u, nil
				}
			}
		}
	}
	var page *entry
	var asked, sentOn, told, failed tally
	for _, e := range slices.Concat(all...) {
		if e.static() || e.beacon() {
			continue
		}
		if e.document() && page == nil {
			page = e
		}
		switch {
		case e.failed():
			failed.add(e.url)
		case e.redirects():
			sentOn.add(e.url)
		case e.tells():
			told.add(e.url)
		default:
			asked.add(e.url)
		}
	}
	if page == nil {
		best := cmp.Or(asked.most, sentOn.most, told.most, failed.most)
		if best == nil {
			return nil, errors.New("nothing in it tells where the service is: it has only " +
				strings.Join(aside(all), " and "))
		}
		return best, nil
	}
	if asked.of(page.url) > 0 {
		return page.url, nil
	}
	for _, e := range slices.Concat(all...) { // it only sends on, as from example.com to www.example.com
		if !e.static() && e.document() && asked.of(e.url) > 0 {
			return e.url, nil
		}
	}
	if page.redirects() {
		return cmp.Or(asked.most, page.url), nil
	}
	return cmp.Or(asked.most, sentOn.most, page.url), nil // what a page tells others is a beacon
}

// tally counts the requests to each address.
type tally struct {
	counts map[string]int
	most   *url.URL // the first of those that were asked most often; nil: none was
}

func (t *tally) add(u *url.URL) {
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	t.counts[originOf(u)]++
	if t.most == nil || t.of(u) > t.of(t.most) {
		t.most = u
	}
}

func (t *tally) of(u *url.URL) int { return t.counts[originOf(u)] }

// originOf is scheme and host of an address: http of a host may only send on to https.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// aside are the kinds of requests, in words, that are never asked of the service alone.
func aside(all [][]*entry) (kinds []string) {
	for _, e := range slices.Concat(all...) {
		kind := "requests that a browser asks before others"
		switch {
		case e.static():
			kind = "files of pages"
		case e.Request.Method != "OPTIONS":
			kind = "beacons, reports and checks of certificates"
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}
