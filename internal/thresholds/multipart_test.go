package thresholds_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func TestMultipart(t *testing.T) {
	files := fstest.MapFS{"docs/report.PDF": {Data: []byte("%PDF")}, "blob": {Data: []byte{}}}
	of := func(parts string) config.Body {
		text := strings.Replace(rest, "[GET /items]", "[GET /items, {request: POST /items, multipart: {"+parts+"}}]", 1)
		return *decode(t, "version: 1\ntarget: {url: http://localhost}"+text,
			thresholds.Options{Files: files}).Groups[0].Steps[1].Body
	}
	body := of(`title: 'a ${ seq() }', report: {file: docs/report.PDF}, blob: {file: blob, filename: 'x y.csv'},
		note: {text: plain}, meta: {text: '{}', content_type: application/json}, rows: {text: 'a,b', filename: rows.csv}`)
	var got []string
	for _, p := range body.Multipart {
		content := string(p.File)
		if p.Text != nil {
			content = p.Text.String()
		}
		if (p.Text == nil) == (p.File == nil) {
			t.Errorf("part %q has text and file, or neither", p.Name)
		}
		got = append(got, fmt.Sprintf("%s|%s|%s|%s", p.Name, p.Filename, p.ContentType, content))
	}
	want := []string{
		"title|||a ${ seq() }",
		"report|report.PDF|application/pdf|%PDF",
		"blob|x y.csv|text/csv; charset=utf-8|",
		"note|||plain",
		"meta||application/json|{}",
		"rows|rows.csv|text/csv; charset=utf-8|a,b",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Multipart (-want +got):\n%s", diff)
	}
	if want := "multipart/form-data; boundary=" + body.Boundary; body.ContentType != want ||
		len(body.Boundary) != len("loadgate-")+32 {
		t.Errorf("ContentType = %q, want %q with 128 bits", body.ContentType, want)
	}
	if again, other := of("a: b"), of("a: c"); again.Boundary != of("a: b").Boundary ||
		again.Boundary == other.Boundary {
		t.Errorf("boundaries %q and %q, want one for each content", again.Boundary, other.Boundary)
	}
}
