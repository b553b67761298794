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

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// packed is a text as a writer packs it.
func packed(text string, make func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := make(&b)
	_, _ = io.WriteString(w, text) // into memory, as the next
	_ = w.Close()
	return b.String()
}

// encoded is a body and what its head says of its coding.
func encoded(coding, body string) string {
	length := "Content-Length: " + strconv.Itoa(len(body)) + "\r\n"
	return "HTTP/1.1 200 OK\r\n" + length + "Content-Encoding: " + coding + "\r\n" +
		strings.ToLower(length) + "\r\n" + body
}

func brotlied(text string) string {
	return packed(text, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

func zstandard(text string) string {
	return packed(text, func(w io.Writer) io.WriteCloser {
		z, _ := zstd.NewWriter(w) // no option is wrong
		return z
	})
}

// Every coding that is in use is read, by each of its names, and by a reader that was used
// before.
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
		"br":                     brotlied(text), "zstd": zstandard(text), "br, zstd": zstandard(brotlied(text)),
	} {
		base := listen(t, answersOnce(encoded(coding, body)))
		for range 3 {
			s := session(t, client.Config{BaseURL: base})
			if x := do(t, s, &client.Request{KeepBody: true}); string(x.Body) != text {
				t.Errorf("%s: body %q", coding, x.Body)
			}
		}
	}
}

// A body that is damaged, or larger than the limit once it is decoded, is a failure.
func TestDoRefusesBodies(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", 5000)
	const most = 1 << 10
	for coding, body := range map[string]string{"gzip": zipped(text), "br": brotlied(text), "zstd": zstandard(text),
		"deflate": packed(text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })} {
		for _, c := range []struct {
			coding, body string
			failure      metric.Failure
			detail       string
		}{
			{coding, body, metric.TooLarge, "the body is larger than 1KiB"},
			{coding, body[:len(body)/2], metric.Body, `the body is not "` + coding + `" as its head says`},
			{coding, "<html>", metric.Body, `the body is not "` + coding + `" as its head says`},
			{coding + "x", body, metric.Body, `the body is encoded as "` + coding + `x", which cannot be read`},
		} {
			s := session(t, client.Config{BaseURL: listen(t, answersOnce(encoded(c.coding, c.body))), MaxBody: most})
			var x client.Exchange
			s.Do(t.Context(), &client.Request{KeepBody: true}, &x)
			if x.Failure != c.failure || x.Detail != c.detail || x.Body != nil {
				t.Errorf("%s of %d bytes: %v %q, %d bytes, want %v %q", c.coding, len(c.body),
					x.Failure, x.Detail, len(x.Body), c.failure, c.detail)
			}
		}
	}
}
