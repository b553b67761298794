package client_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
)

// packed is a text as a writer packs it.
func packed(text string, make func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := make(&b)
	_, _ = io.WriteString(w, text) // into memory, as the next
	_ = w.Close()
	return b.String()
}

// Every coding that is in use is read, by each of its names.
func TestDoDecodesBodies(t *testing.T) {
	t.Parallel()
	const text = `{"id": 8, "text": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`
	zip := func(text string) string {
		return packed(text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	}
	raw := packed(text, func(w io.Writer) io.WriteCloser {
		f, _ := flate.NewWriter(w, flate.BestCompression) // a level that there is
		return f
	})
	for coding, body := range map[string]string{
		"gzip": zip(text), "x-gzip": zip(text), "GZIP": zip(text),
		"X-Gzip": zip(text), "identity": text, "gzip, identity": zip(text),
		"gzip,gzip": zip(zip(text)),
		"deflate":   packed(text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }), "Deflate": raw,
		"identity, x-gzip, gzip": zip(zip(text)),
	} {
		length := "Content-Length: " + strconv.Itoa(len(body)) + "\r\n"
		answer := "HTTP/1.1 200 OK\r\n" + length + "Content-Encoding: " +
			coding + "\r\n" + strings.ToLower(length) + "\r\n" + body
		s := session(t, client.Config{BaseURL: listen(t, answersOnce(answer))})
		if x := do(t, s, &client.Request{KeepBody: true}); string(x.Body) != text {
			t.Errorf("%s: body %q", coding, x.Body)
		}
	}
}
