package engine

import (
	"bytes"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
)

// appendParts renders a multipart body; env may be nil for a constant one.
func appendParts(dst []byte, b *config.Body, env *expr.Env) ([]byte, error) {
	buffer := bytes.NewBuffer(dst)
	w := multipart.NewWriter(buffer)
	if err := w.SetBoundary(b.Boundary); err != nil {
		return dst, err
	}
	for _, p := range b.Multipart {
		content := p.File
		if p.Text != nil {
			var err error
			if content, err = p.Text.Append(nil, env); err != nil {
				return dst, err
			}
		}
		part, err := w.CreatePart(partHeader(p))
		if err != nil {
			return dst, err
		}
		if _, err := part.Write(content); err != nil {
			return dst, err
		}
	}
	err := w.Close()
	return buffer.Bytes(), err
}

// partHeader writes names as browsers do: a quote is %22. Line breaks cannot
// be in them.
//
// Note: mime/multipart.FileContentDisposition escapes quotes and backslashes
// with a backslash, which no browser sends.
func partHeader(p config.Part) textproto.MIMEHeader {
	disposition := `form-data; name="` + strings.ReplaceAll(p.Name, `"`, "%22") + `"`
	if p.Filename != "" {
		disposition += `; filename="` + strings.ReplaceAll(p.Filename, `"`, "%22") + `"`
	}
	header := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if p.ContentType != "" {
		header["Content-Type"] = []string{p.ContentType}
	}
	return header
}
