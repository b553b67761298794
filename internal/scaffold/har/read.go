package har

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/recording"
)

// decode are the exchanges of a recording. Programs write numbers as texts and
// texts as numbers, and times in their own ways.
func decode(src []byte) ([]recording.Exchange, error) {
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
	var all []recording.Exchange
	for _, e := range entries.Array() {
		all = append(all, recording.Exchange{
			Begun:    parseTime(e.Get("startedDateTime").String()),
			Took:     time.Duration(e.Get("time").Float() * float64(time.Millisecond)),
			Resource: e.Get("_resourceType").String(),
			Request:  requestOf(e.Get("request")),
			Answer:   answerOf(e.Get("response")),
		})
	}
	return all, nil
}

func requestOf(v gjson.Result) recording.Request {
	r := recording.Request{
		Method: strings.ToUpper(v.Get("method").String()), URL: v.Get("url").String(),
		Headers: nameValues(v.Get("headers")), Cookies: nameValues(v.Get("cookies")),
	}
	switch p := v.Get("postData"); {
	case p.IsObject():
		r.Body = &recording.Body{MimeType: p.Get("mimeType").String(), Text: p.Get("text").String(),
			Params: nameValues(p.Get("params"))}
	case p.Type == gjson.String && p.Str != "":
		r.Body = &recording.Body{MimeType: recording.Header(r.Headers, "content-type"), Text: p.Str}
	}
	return r
}

func answerOf(v gjson.Result) recording.Answer {
	a := recording.Answer{
		Status: int(v.Get("status").Int()), RedirectURL: v.Get("redirectURL").String(),
		Headers: nameValues(v.Get("headers")), Type: v.Get("content.mimeType").String(),
		Text: v.Get("content.text").String(),
	}
	if v.Get("content.encoding").String() == "base64" {
		decoded, err := base64.StdEncoding.DecodeString(a.Text)
		if a.Text = string(decoded); err != nil {
			a.Text = ""
		}
	}
	return a
}

// notANumber is what some programs write for a number that they do not have.
var notANumber = regexp.MustCompile(`(:\s*)(NaN|-?Infinity|undefined)(\s*[,}\]])`)

// nameValues are names and values, as a list or as an object.
func nameValues(v gjson.Result) (all []recording.NameValue) {
	if v.IsObject() {
		v.ForEach(func(k, child gjson.Result) bool {
			all = append(all, recording.NameValue{Name: k.Str, Value: child.String()})
			return true
		})
		return all
	}
	for _, item := range v.Array() {
		if item.IsObject() {
			all = append(all, recording.NameValue{Name: item.Get("name").String(), Value: item.Get("value").String()})
		}
	}
	return all
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
