package recording

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/harm"
)

// entry is an exchange on its way to be a step.
type entry struct {
	Exchange
	url     *url.URL
	follows bool // its answer pointed to the next one
}

var (
	// Files that a page draws in, which are no work for a service.
	staticType = regexp.MustCompile(
		`(?i)^(image|font|audio|video)/|^text/css|javascript|^application/(font|wasm|x-font)`)
	staticPath = regexp.MustCompile(
		`(?i)\.(js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|mp4|webm|mp3|wasm)$`)
	beaconType = regexp.MustCompile(`(?i)ocsp|pkix|csp-report|application/reports\+json`)
)

// lacksBody says whether a request sent a body that was not recorded, as of an upload.
func (e *entry) lacksBody() bool {
	p := e.Request.Body
	if e.Request.LacksBody || p != nil && strings.HasPrefix(strings.ToLower(p.MimeType), "multipart/") {
		return true
	}
	return strings.Trim(Header(e.Request.Headers, "content-length"), "0 ") != "" && e.Request.Method != "GET" &&
		e.Request.Method != "HEAD"
}

// document says whether a request is for a page.
func (e *entry) document() bool {
	if e.Resource != "" && !strings.EqualFold(e.Resource, "document") {
		return false
	}
	kind, _, _ := strings.Cut(strings.ToLower(e.Answer.Type), ";")
	page := kind == "text/html" || kind == "application/xhtml+xml"
	return e.Request.Method == "GET" && (page || strings.EqualFold(e.Resource, "document"))
}

// beacon says by its kind whether a request tells somebody something, and asks nothing.
func (e *entry) beacon() bool {
	sent := ""
	if e.Request.Body != nil {
		sent = strings.ToLower(e.Request.Body.MimeType)
	}
	kinds := []string{"ping", "beacon", "csp-violation-report", "preflight"}
	return slices.Contains(kinds, strings.ToLower(e.Resource)) ||
		beaconType.MatchString(sent) || beaconType.MatchString(e.Answer.Type) ||
		e.Request.Method == "OPTIONS"
}

// tells says whether a request may be a beacon: it writes, and its answer is nothing that the
// page could use. A service may answer so too.
func (e *entry) tells() bool {
	return e.Request.Method == "POST" && e.Answer.Status == 204 || harm.Writes(e.Request.Method) && e.answersFile()
}

// static says whether a request is for a file that a page draws in. Who writes asks for none.
func (e *entry) static() bool {
	return !harm.Writes(e.Request.Method) && (e.answersFile() || staticPath.MatchString(e.url.Path))
}

// answersFile says whether what came is a file that a page draws in.
func (e *entry) answersFile() bool {
	return staticType.MatchString(e.Answer.Type) ||
		slices.Contains([]string{"image", "stylesheet", "script", "font", "media", "websocket"},
			strings.ToLower(e.Resource))
}

// failed says whether a request got no good answer. Recorders write 0 or -1 for
// none.
func (e *entry) failed() bool { return e.Answer.Status < 100 || e.Answer.Status >= 400 }

// redirects says whether an answer sends the browser on.
func (e *entry) redirects() bool {
	return e.Answer.Status >= 300 && e.Answer.Status <= 399 && e.Answer.Status != 304 && e.location() != ""
}

func (e *entry) location() string {
	if e.Answer.RedirectURL != "" {
		return e.Answer.RedirectURL
	}
	for _, h := range e.Answer.Headers {
		if strings.EqualFold(h.Name, "location") {
			return h.Value
		}
	}
	return ""
}

// pointsTo says whether an answer sent the browser to another request.
func (e *entry) pointsTo(next *entry) bool {
	if !e.redirects() {
		return false
	}
	u, err := parseAddress(e.location())
	if err != nil {
		return false
	}
	u = e.url.ResolveReference(u)
	return u.Host == next.url.Host && u.RawQuery == next.url.RawQuery &&
		strings.TrimSuffix(u.Path, "/") == strings.TrimSuffix(next.url.Path, "/")
}
