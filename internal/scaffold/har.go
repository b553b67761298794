package scaffold

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// entryHAR is what a draft needs of an entry of HTTP Archive 1.2.
type entryHAR struct {
	StartedDateTime time.Time // zero: it was not recorded
	Time            float64   // milliseconds
	Request         struct {
		Method, URL string
		Headers     []namedHAR
		Cookies     []namedHAR
		PostData    *postHAR
	}
	Response struct {
		Status      int
		RedirectURL string
		Headers     []namedHAR
		Content     struct {
			MimeType string
			Text     string
			Encoding string
		}
	}
	ResourceType string

	url     *url.URL
	follows bool // its answer pointed to the next one
}

type namedHAR struct{ Name, Value string }

type postHAR struct {
	MimeType, Text string
	Params         []namedHAR
}

// Recording is one HAR file.
type Recording struct {
	Name string // of its users
	Text []byte
}

// Files that a page draws in, which are no work for a service.
var (
	staticType = regexp.MustCompile(
		`(?i)^(image|font|audio|video)/|^text/css|javascript|^application/(font|wasm|x-font)`)
	staticPath = regexp.MustCompile(
		`(?i)\.(js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|mp4|webm|mp3|wasm)$`)
)

// HAR drafts a file from recordings of a browser, one kind of user each, with
// the think times that were recorded. Ids and tokens that came out of earlier
// answers are captured from them; what a page draws in, other hosts and what
// failed are left out. No cookie, token or password of a recording is in the
// file.
func HAR(recordings []Recording, o Options) (*Draft, error) {
	d := &Draft{origin: "a browser's recording"}
	var all [][]*entryHAR
	for _, r := range recordings {
		entries, err := readHAR(r.Text)
		if err != nil {
			return nil, fmt.Errorf("read HAR %s: %w", r.Name, err)
		}
		all = append(all, entries)
	}
	base, err := baseOf(all, o)
	if err != nil {
		return nil, err
	}
	d.url = cmp.Or(o.URL, base.Scheme+"://"+base.Host)
	var empty error
	recorded := map[*step][]loose{}
	for i, r := range recordings {
		s := &session{draft: d, loose: recorded, group: &group{name: d.unusedGroup(r.Name)}}
		s.read(all[i], base.Host)
		if len(s.group.steps)+len(s.group.start) == 0 {
			empty = fmt.Errorf("read HAR %s: nothing that was asked of %s is left", r.Name, base.Host)
			d.addLook("left out: recording " + r.Name + ": nothing that was asked of " + base.Host + " is left")
			continue
		}
		if len(s.group.steps) == 0 { // a login alone
			s.group.steps, s.group.start = s.group.start, nil
		}
		d.groups = append(d.groups, s.group)
	}
	if len(d.groups) == 0 {
		return nil, empty
	}
	oneName(d, recorded)
	d.guesses()
	return d.finish(o)
}

// methods are those that a step may have.
var methods = []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

func readHAR(text []byte) ([]*entryHAR, error) {
	all, err := exchanges(text)
	if err != nil {
		return nil, err
	}
	var kept []*entryHAR
	for _, e := range all {
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			continue
		}
		if !slices.Contains(methods, e.Request.Method) {
			continue // no request of a user's
		}
		e.url = u
		kept = append(kept, e)
	}
	if kept == nil {
		return nil, errors.New("there is no request in it")
	}
	if slices.ContainsFunc(kept, func(e *entryHAR) bool { return e.StartedDateTime.IsZero() }) {
		return kept, nil // in the order of the file
	}
	slices.SortStableFunc(kept, func(a, b *entryHAR) int { return a.StartedDateTime.Compare(b.StartedDateTime) })
	return kept, nil
}

// baseOf is the address of the service: that of the first page, else the one that
// was asked most often for data. Beacons, checks of certificates and files of
// pages are asked of others.
func baseOf(all [][]*entryHAR, o Options) (*url.URL, error) {
	if o.URL != "" {
		if u, err := url.Parse(o.URL); err == nil && u.Host != "" {
			for _, entries := range all {
				if slices.ContainsFunc(entries, func(e *entryHAR) bool { return e.url.Host == u.Host }) {
					return u, nil
				}
			}
		}
	}
	var best, first *url.URL
	counts := map[string]int{}
	for _, entries := range all {
		for _, e := range entries {
			if e.static() || e.beacon() {
				continue
			}
			if e.document() && first == nil {
				first = e.url
			}
			if e.failed() {
				counts[e.url.Host] += 0
			} else if !e.redirects() {
				counts[e.url.Host]++
			}
			if best == nil || counts[e.url.Host] > counts[best.Host] {
				best = e.url
			}
		}
	}
	if best == nil {
		return nil, errors.New("read HAR: there are only files of pages in it")
	}
	if first == nil {
		return best, nil
	}
	if counts[first.Host] == 0 { // it only sends on, as from example.com to www.example.com
		for _, entries := range all {
			for _, e := range entries {
				if e.document() && counts[e.url.Host] > 0 {
					return e.url, nil
				}
			}
		}
		return best, nil
	}
	return first, nil
}

// document says whether a request is for a page.
func (e *entryHAR) document() bool {
	if e.ResourceType != "" && !strings.EqualFold(e.ResourceType, "document") {
		return false
	}
	kind, _, _ := strings.Cut(strings.ToLower(e.Response.Content.MimeType), ";")
	page := kind == "text/html" || kind == "application/xhtml+xml"
	return e.Request.Method == "GET" && (page || strings.EqualFold(e.ResourceType, "document"))
}

// beacon says whether a request tells somebody something, and asks nothing.
func (e *entryHAR) beacon() bool {
	sent := ""
	if e.Request.PostData != nil {
		sent = strings.ToLower(e.Request.PostData.MimeType)
	}
	kinds := []string{"ping", "beacon", "csp-violation-report", "preflight"}
	return slices.Contains(kinds, strings.ToLower(e.ResourceType)) ||
		beaconType.MatchString(sent) || beaconType.MatchString(e.Response.Content.MimeType) ||
		e.Request.Method == "POST" && e.Response.Status == 204 || e.Request.Method == "OPTIONS"
}

var beaconType = regexp.MustCompile(`(?i)ocsp|pkix|csp-report|application/reports\+json`)

func (e *entryHAR) static() bool {
	return staticType.MatchString(e.Response.Content.MimeType) || staticPath.MatchString(e.url.Path) ||
		slices.Contains([]string{"image", "stylesheet", "script", "font", "media", "websocket"},
			strings.ToLower(e.ResourceType))
}

func (d *Draft) unusedGroup(base string) string {
	base = cmp.Or(strings.TrimSpace(oneLine(base)), "user")
	name := base
	for i := 2; slices.ContainsFunc(slices.Concat(d.groups, d.idle),
		func(g *group) bool { return g.name == name }); i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}
