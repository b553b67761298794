package har

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// read returns the requests of a recording in their order, and the numbers of the entries, from 1,
// that are left out because their address is not valid.
func read(text []byte) (kept []*entry, invalid []int, err error) {
	all, err := decode(text)
	if err != nil {
		return nil, nil, err
	}
	for i, e := range all {
		u, err := parseAddress(e.Request.URL)
		if err != nil && isHTTP.MatchString(e.Request.URL) {
			invalid = append(invalid, i+1)
		}
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			continue
		}
		if !slices.Contains(draft.Methods, e.Request.Method) {
			continue // no request of a user's
		}
		e.url = u
		kept = append(kept, e)
	}
	if kept == nil && len(all) > 0 { // such as of web sockets
		return nil, nil, errors.New("no entry of it is a request that a load can send")
	}
	if kept == nil {
		return nil, nil, errors.New("there is no request in it")
	}
	if slices.ContainsFunc(kept, func(e *entry) bool { return e.StartedDateTime.IsZero() }) {
		return kept, invalid, nil // in the order of the file
	}
	slices.SortStableFunc(kept, func(a, b *entry) int { return a.StartedDateTime.Compare(b.StartedDateTime) })
	return kept, invalid, nil
}

var isHTTP = regexp.MustCompile(`(?i)^https?:`)

// decode are the entries of a recording. Programs write numbers as texts and
// texts as numbers, and times in their own ways.
func decode(src []byte) ([]*entry, error) {
	src, err := input.Text(src)
	if err != nil {
		return nil, err
	}
	if !gjson.ValidBytes(src) {
		if filled := notANumber.ReplaceAll(src, []byte("${1}null$3")); gjson.ValidBytes(filled) {
			src = filled
		} else if err := input.OtherKind(src, "--har"); err != nil {
			return nil, err
		} else {
			return nil, input.JSONError(src)
		}
	}
	entries := gjson.GetBytes(src, "log.entries")
	if !entries.IsArray() {
		if err := input.OtherKind(src, "--har"); err != nil {
			return nil, err
		}
		return nil, errors.New("it has no log with entries, as a HAR recording has")
	}
	var all []*entry
	for _, e := range entries.Array() {
		one := &entry{
			StartedDateTime: parseTime(e.Get("startedDateTime").String()), Time: e.Get("time").Float(),
			ResourceType: e.Get("_resourceType").String(),
		}
		request, response := e.Get("request"), e.Get("response")
		one.Request.Method = strings.ToUpper(request.Get("method").String())
		one.Request.URL = request.Get("url").String()
		one.Request.Headers = nameValues(request.Get("headers"))
		one.Request.Cookies = nameValues(request.Get("cookies"))
		switch p := request.Get("postData"); {
		case p.IsObject():
			one.Request.PostData = &postData{p.Get("mimeType").String(),
				p.Get("text").String(), nameValues(p.Get("params"))}
		case p.Type == gjson.String && p.Str != "":
			one.Request.PostData = &postData{MimeType: header(one.Request.Headers, "content-type"), Text: p.Str}
		}
		one.Response.Status = int(response.Get("status").Int())
		one.Response.RedirectURL = response.Get("redirectURL").String()
		one.Response.Headers = nameValues(response.Get("headers"))
		one.Response.Content.MimeType = response.Get("content.mimeType").String()
		one.Response.Content.Text = response.Get("content.text").String()
		one.Response.Content.Encoding = response.Get("content.encoding").String()
		all = append(all, one)
	}
	return all, nil
}

// notANumber is what some programs write for a number that they do not have.
var notANumber = regexp.MustCompile(`(:\s*)(NaN|-?Infinity|undefined)(\s*[,}\]])`)

// nameValues are names and values, as a list or as an object.
func nameValues(v gjson.Result) (all []nameValue) {
	if v.IsObject() {
		v.ForEach(func(k, child gjson.Result) bool {
			all = append(all, nameValue{k.Str, child.String()})
			return true
		})
		return all
	}
	for _, item := range v.Array() {
		if item.IsObject() {
			all = append(all, nameValue{item.Get("name").String(), item.Get("value").String()})
		}
	}
	return all
}

func header(all []nameValue, name string) string {
	for _, h := range all {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// parseTime is a time as programs write it; zero: it is not known.
func parseTime(text string) time.Time {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05",
	} {
		if at, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return at
		}
	}
	return time.Time{}
}
