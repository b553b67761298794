package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
)

// Part is one part of a multipart body. Exactly one of Text and File is set.
type Part struct {
	Name        string
	Filename    string // "": the part is a field, not a file
	ContentType string // "": none is written
	Text        *expr.Template
	File        []byte // not nil for a file, which may be empty
}

func multipartShape() *shape {
	part := &shape{kind: objectKind, name: "part", one: []string{"file", "text"}, fields: []field{
		{key: "file", shape: scalarOf(fileText), doc: "A file below this file's folder, sent as it is.",
			def: "none", example: "file: report.pdf"},
		{key: "text", shape: scalarOf(templateText), doc: "A text, where it needs one of the keys below.",
			def: "none", example: "text: '{\"id\": ${ seq() }}'"},
		{key: "filename", shape: scalarOf(nameText),
			doc: "What the file is called; with text it makes the text a file.",
			def: "the file's own, without folders", example: "filename: report.pdf"},
		{key: "content_type", shape: scalarOf(mediaText), doc: "Of the part.",
			def: "of a file by its name's ending, of a text none", example: "content_type: application/pdf"},
	}}
	return mapOf(nameText, choice("template or part", scalarOf(templateText), part))
}

// multipart builds the parts of a body, in file order.
func (b stepBuilder) multipart(v *value) []Part {
	parts := []Part{}
	for _, m := range v.members() {
		p := Part{Name: m.key, Filename: or(m.get("filename"), ""), ContentType: or(m.get("content_type"), "")}
		text := m.value
		if m.kind == objectKind {
			text = m.get("text")
		}
		if file := m.get("file"); file != nil {
			p.File = b.file(file)
			if p.Filename == "" {
				p.Filename = path.Base(file.text)
			}
		} else if p.Text = b.template(b.scope, text); p.Text == nil {
			continue
		}
		if p.Filename != "" && p.ContentType == "" {
			p.ContentType = mediaOf(p.Filename)
		}
		parts = append(parts, p)
	}
	return parts
}

// boundary is made of what the parts are, so that the same file sends the same
// bytes and nothing in it can hold the boundary.
func boundary(parts []Part) string {
	text, err := json.Marshal(canonicalParts(parts))
	if err != nil {
		panic("spec: parts that are no JSON: " + err.Error()) // made of texts only
	}
	sum := sha256.Sum256(text)
	return "loadgate-" + hex.EncodeToString(sum[:16])
}

func canonicalParts(parts []Part) []any {
	var canonical []any
	for _, p := range parts {
		text := ""
		if p.Text != nil {
			text = p.Text.String()
		}
		canonical = append(canonical, []any{p.Name, p.Filename, p.ContentType, text, p.File})
	}
	return canonical
}

// mediaOf is the content type of a file by the ending of its name. The list is
// short and fixed: a machine's own would send other bytes on other machines.
func mediaOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return "application/pdf"
	case ".json":
		return "application/json"
	case ".xml":
		return "application/xml"
	case ".zip":
		return "application/zip"
	case ".gz":
		return "application/gzip"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".html", ".htm":
		return "text/html; charset=utf-8"
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".svg":
		return "image/svg+xml"
	case ".mp3":
		return "audio/mpeg"
	case ".mp4":
		return "video/mp4"
	}
	return "application/octet-stream"
}
