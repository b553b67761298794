package har

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/harm"
)

// entry is what a draft needs of an entry of HTTP Archive 1.2.
type entry struct {
	StartedDateTime time.Time // zero: it was not recorded
	Time            float64   // milliseconds
	Request         struct {
		Method, URL string
		Headers     []nameValue
		Cookies     []nameValue
		PostData    *postData
	}
	Response struct {
		Status      int
		RedirectURL string
		Headers     []nameValue
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

type nameValue struct{ Name, Value string }

type postData struct {
	MimeType, Text string
	Params         []nameValue
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
	if p := e.Request.PostData; p != nil && strings.HasPrefix(strings.ToLower(p.MimeType), "multipart/") {
		return true
	}
	return strings.Trim(header(e.Request.Headers, "content-length"), "0 ") != "" && e.Request.Method != "GET" &&
		e.Request.Method != "HEAD"
}

// document says whether a request is for a page.
func (e *entry) document() bool {
	if e.ResourceType != "" && !strings.EqualFold(e.ResourceType, "document") {
		return false
	}
	kind, _, _ := strings.Cut(strings.ToLower(e.Response.Content.MimeType), ";")
	page := kind == "text/html" || kind == "application/xhtml+xml"
	return e.Request.Method == "GET" && (page || strings.EqualFold(e.ResourceType, "document"))
}

// beacon says by its kind whether a request tells somebody something, and asks nothing.
func (e *entry) beacon() bool {
	sent := ""
	if e.Request.PostData != nil {
		sent = strings.ToLower(e.Request.PostData.MimeType)
	}
	kinds := []string{"ping", "beacon", "csp-violation-report", "preflight"}
	return slices.Contains(kinds, strings.ToLower(e.ResourceType)) ||
		beaconType.MatchString(sent) || beaconType.MatchString(e.Response.Content.MimeType) ||
		e.Request.Method == "OPTIONS"
}

// tells says whether a request may be a beacon: it writes, and its answer is nothing that the
// page could use. A service may answer so too.
func (e *entry) tells() bool {
	return e.Request.Method == "POST" && e.Response.Status == 204 || harm.Writes(e.Request.Method) && e.answersFile()
}

// static says whether a request is for a file that a page draws in. Who writes asks for none.
func (e *entry) static() bool {
	return !harm.Writes(e.Request.Method) && (e.answersFile() || staticPath.MatchString(e.url.Path))
}

// answersFile says whether what came is a file that a page draws in.
func (e *entry) answersFile() bool {
	return staticType.MatchString(e.Response.Content.MimeType) ||
		slices.Contains([]string{"image", "stylesheet", "script", "font", "media", "websocket"},
			strings.ToLower(e.ResourceType))
}

// failed says whether a request got no good answer. Recorders write 0 or -1 for
// none.
func (e *entry) failed() bool { return e.Response.Status < 100 || e.Response.Status >= 400 }

// redirects says whether an answer sends the browser on.
func (e *entry) redirects() bool {
	return e.Response.Status >= 300 && e.Response.Status <= 399 && e.Response.Status != 304 && e.location() != ""
}

func (e *entry) location() string {
	if e.Response.RedirectURL != "" {
		return e.Response.RedirectURL
	}
	for _, h := range e.Response.Headers {
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
