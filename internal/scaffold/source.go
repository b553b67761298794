package scaffold

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/tidwall/gjson"
)

// largestUnpacked is how much a packed file may hold, in bytes.
const largestUnpacked = 256 << 20

// readable is a file as UTF-8: what gzip packed, what Windows writes as UTF-16,
// with a mark of byte order or without.
func readable(src []byte) ([]byte, error) {
	if bytes.HasPrefix(src, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(bytes.NewReader(src))
		if err != nil {
			return nil, errors.New("it begins as a gzip file, and is none")
		}
		if src, err = io.ReadAll(io.LimitReader(zip, largestUnpacked+1)); err != nil {
			return nil, errors.New("its gzip packing is cut off or damaged: fetch it again")
		}
		if len(src) > largestUnpacked {
			return nil, fmt.Errorf("unpacked it is larger than %d MB", largestUnpacked>>20)
		}
	}
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe")):
		src = narrow(src[2:], 0, 1)
	case bytes.HasPrefix(src, []byte("\xfe\xff")):
		src = narrow(src[2:], 1, 0)
	case len(src) > 3 && src[0] >= '\t' && src[1] == 0 && src[2] >= '\t' && src[3] == 0:
		src = narrow(src, 0, 1)
	case len(src) > 3 && src[0] == 0 && src[1] >= '\t' && src[2] == 0 && src[3] >= '\t':
		src = narrow(src, 1, 0)
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, errors.New("it is empty")
	}
	return src, nil
}

// narrow is UTF-16 as UTF-8; low and high say which byte of a pair is which.
func narrow(src []byte, low, high int) []byte {
	wide := make([]uint16, 0, len(src)/2)
	for ; len(src) >= 2; src = src[2:] {
		wide = append(wide, uint16(src[high])<<8|uint16(src[low]))
	}
	return []byte(string(utf16.Decode(wide)))
}

// kinds are files that are given in place of a description or a recording, by
// how they begin or by their first keys.
var kinds = []struct {
	form *regexp.Regexp
	what string
}{
	{regexp.MustCompile(`(?i)^\s*(<!doctype html|<html)`),
		"a web page: give the file or address that it shows, such as /openapi.json"},
	{regexp.MustCompile(`^#%RAML`), "RAML: convert it to OpenAPI"},
	{regexp.MustCompile(`^(PK\x03\x04|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf)`),
		"a packed file: unpack it, or pack it with gzip"},
	{regexp.MustCompile(`^%PDF`), "a PDF"},
	{regexp.MustCompile(`(?m)^\s*["']?asyncapi["']?\s*:|^\s*\{\s*"asyncapi"`),
		"AsyncAPI, which describes messages: loadgate loads HTTP"},
	{regexp.MustCompile(`"_postman_id"|schema\.(get)?postman\.com`), "a collection of Postman: export it as OpenAPI"},
	{regexp.MustCompile(`"_type"\s*:\s*"export"|insomnia\.rest`),
		"an export of Insomnia: export it as OpenAPI or HAR"},
	{regexp.MustCompile(`["']?swaggerVersion["']?\s*:`),
		"Swagger 1.2: convert it to OpenAPI 3 (only 2.0 and later are read)"},
	{regexp.MustCompile(`"__schema"|` +
		`(?m)^\s*(type|schema|interface|input|enum|scalar|extend type)\s+[\w ]*(@\w+)?\s*\{`),
		"a schema of GraphQL: record what a client does as HAR, or write the requests"},
	{regexp.MustCompile(`(?m)^\s*syntax\s*=\s*"proto|^\s*service\s+\w+\s*\{`),
		"a description of gRPC: loadgate loads HTTP"},
	{regexp.MustCompile(`<(wsdl:)?definitions[\s>]|<application[^>]+wadl`),
		"a description in XML (WSDL or WADL): record what a client does as HAR"},
	{regexp.MustCompile(`^\s*<\?xml|^\s*<[a-z]`), "XML"},
	{regexp.MustCompile(`(?s)^\s*\{\s*"log"\s*:.*"entries"`), "a HAR recording: give it with --har"},
	{regexp.MustCompile(`^\s*\{\s*"(openapi|swagger)"\s*:|(?m)^(openapi|swagger)\s*:`),
		"a description of an API: give it with --openapi"},
	{regexp.MustCompile(`loadgate\.result/|"schema"\s*:\s*"loadgate`), "a result of loadgate: give it with --results"},
	{regexp.MustCompile(`(?m)^thresholds\s*:`), "a thresholds.yaml already"},
}

// otherKind says what a file is that was given in place of one that a flag takes; nil:
// nothing that is known.
func otherKind(src []byte, flag string) error {
	head := src[:min(len(src), 64<<10)]
	for _, k := range kinds {
		if k.form.Match(head) {
			if strings.Contains(k.what, flag) {
				return nil
			}
			return errors.New("this is " + k.what)
		}
	}
	return nil
}

// notJSON says where a text is no JSON.
func notJSON(src []byte) error {
	var any json.RawMessage
	err := json.Unmarshal(src, &any)
	var wrong *json.SyntaxError
	switch {
	case err == nil:
		return errors.New("it is no JSON")
	case !errors.As(err, &wrong):
		return errors.New("it is no JSON")
	case wrong.Offset >= int64(len(bytes.TrimRight(src, " \t\r\n"))):
		return errors.New("it ends in the middle: save or fetch it again")
	}
	at := max(wrong.Offset-1, 0)
	line := 1 + bytes.Count(src[:at], []byte("\n"))
	column := at - int64(bytes.LastIndexByte(src[:at], '\n'))
	return fmt.Errorf("line %d, column %d is no JSON", line, column)
}

// noNumber is what some programs write for a number that they do not have.
var noNumber = regexp.MustCompile(`(:\s*)(NaN|-?Infinity|undefined)(\s*[,}\]])`)

// exchanges are the entries of a recording. Programs write numbers as texts and
// texts as numbers, and times in their own ways.
func exchanges(src []byte) ([]*entryHAR, error) {
	src, err := readable(src)
	if err != nil {
		return nil, err
	}
	if !gjson.ValidBytes(src) {
		if filled := noNumber.ReplaceAll(src, []byte("${1}null$3")); gjson.ValidBytes(filled) {
			src = filled
		} else if err := otherKind(src, "--har"); err != nil {
			return nil, err
		} else {
			return nil, notJSON(src)
		}
	}
	entries := gjson.GetBytes(src, "log.entries")
	if !entries.IsArray() {
		if err := otherKind(src, "--har"); err != nil {
			return nil, err
		}
		return nil, errors.New("it has no log with entries, as a HAR recording has")
	}
	var all []*entryHAR
	for _, e := range entries.Array() {
		one := &entryHAR{
			StartedDateTime: timeOf(e.Get("startedDateTime").String()), Time: e.Get("time").Float(),
			ResourceType: e.Get("_resourceType").String(),
		}
		request, response := e.Get("request"), e.Get("response")
		one.Request.Method = strings.ToUpper(request.Get("method").String())
		one.Request.URL = request.Get("url").String()
		one.Request.Headers = namedOf(request.Get("headers"))
		one.Request.Cookies = namedOf(request.Get("cookies"))
		switch p := request.Get("postData"); {
		case p.IsObject():
			one.Request.PostData = &postHAR{p.Get("mimeType").String(),
				p.Get("text").String(), namedOf(p.Get("params"))}
		case p.Type == gjson.String && p.Str != "":
			one.Request.PostData = &postHAR{MimeType: headerOf(one.Request.Headers, "content-type"), Text: p.Str}
		}
		one.Response.Status = int(response.Get("status").Int())
		one.Response.RedirectURL = response.Get("redirectURL").String()
		one.Response.Headers = namedOf(response.Get("headers"))
		one.Response.Content.MimeType = response.Get("content.mimeType").String()
		one.Response.Content.Text = response.Get("content.text").String()
		one.Response.Content.Encoding = response.Get("content.encoding").String()
		all = append(all, one)
	}
	return all, nil
}

// namedOf are names and values, as a list or as an object.
func namedOf(v gjson.Result) (all []namedHAR) {
	if v.IsObject() {
		v.ForEach(func(k, child gjson.Result) bool {
			all = append(all, namedHAR{k.Str, child.String()})
			return true
		})
		return all
	}
	for _, item := range v.Array() {
		if item.IsObject() {
			all = append(all, namedHAR{item.Get("name").String(), item.Get("value").String()})
		}
	}
	return all
}

func headerOf(all []namedHAR, name string) string {
	for _, h := range all {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// timeOf is a time as programs write it; zero: it is not known.
func timeOf(text string) time.Time {
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
