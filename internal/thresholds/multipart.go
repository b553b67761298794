package thresholds

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
)

// multipart builds the parts of a body, in file order.
func (b stepBuilder) multipart(v *grammar.Value) []config.Part {
	parts := []config.Part{}
	for _, m := range v.Members() {
		p := config.Part{Name: m.Key, Filename: grammar.Or(m.Get("filename"), ""),
			ContentType: grammar.Or(m.Get("content_type"), "")}
		text := m.Value
		if m.Kind == grammar.ObjectKind {
			text = m.Get("text")
		}
		if file := m.Get("file"); file != nil {
			p.File = b.file(file)
			if p.Filename == "" {
				p.Filename = path.Base(file.Text)
			}
		} else if p.Text = b.template(b.scope, text); p.Text == nil {
			continue
		}
		if p.Filename != "" && p.ContentType == "" {
			p.ContentType = grammar.MediaOf(p.Filename)
		}
		parts = append(parts, p)
	}
	return parts
}

// boundary is made of what the parts are, so that the same file sends the same
// bytes and nothing in it can hold the boundary.
func boundary(parts []config.Part) string {
	var all []any
	for _, p := range parts {
		all = append(all, p.Canonical())
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic("config: parts that are no JSON: " + err.Error()) // made of texts only
	}
	sum := sha256.Sum256(text)
	return "loadgate-" + hex.EncodeToString(sum[:16])
}
