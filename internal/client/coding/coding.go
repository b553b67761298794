// Package coding undoes the codings of a body that HTTP names: gzip, deflate, br and zstd, several of them too. It
// knows bytes, and nothing of the exchange that brought them.
package coding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/unit"
)

// coding is a way to pack a body, and how it is unpacked.
type coding struct {
	name string // in lower case
	open func(body io.Reader, most int64) (unpacker, error)
	free *sync.Pool // of readers that were open before
}

// unpacker reads a packed body. A reader is reused: most take tens of KiB.
type unpacker interface {
	io.Reader
	Reset(body io.Reader) error
}

// codings are those that are undone, RFC 9110 section 8.4.1.
var codings = []coding{
	{"gzip", openGzip, new(sync.Pool)},
	{"x-gzip", openGzip, new(sync.Pool)},
	{"deflate", openDeflate, new(sync.Pool)},
	{"br", openBrotli, new(sync.Pool)},
	{"zstd", openZstd, new(sync.Pool)},
}

// bareDeflate is deflate without zlib's frame. Some servers leave that out, and browsers
// accept both.
var bareDeflate = coding{"deflate", openBareDeflate, new(sync.Pool)}

func openGzip(body io.Reader, _ int64) (unpacker, error) { return gzip.NewReader(body) }

func openBrotli(body io.Reader, _ int64) (unpacker, error) { return brotli.NewReader(body), nil }

func openDeflate(body io.Reader, _ int64) (unpacker, error) {
	r, err := zlib.NewReader(body)
	return withoutDictionary{r}, err
}

func openBareDeflate(body io.Reader, _ int64) (unpacker, error) {
	return withoutDictionary{flate.NewReader(body)}, nil
}

// withoutDictionary resets readers of deflate, which might have a dictionary.
type withoutDictionary struct{ io.Reader }

func (w withoutDictionary) Reset(body io.Reader) error {
	return w.Reader.(flate.Resetter).Reset(body, nil)
}

// mostCodings is how many codings of one body are undone: more are no honest body.
const mostCodings = 3

var (
	errTooLarge = errors.New("the body is too large")
	errUnknown  = errors.New("unknown coding")
)

// LargeError is the error of a body that is larger than its limit once it is unpacked.
type LargeError struct {
	Most int64 // the limit, in bytes
}

// Error names the limit.
func (e *LargeError) Error() string {
	return "the body is larger than " + unit.Quantity{Value: float64(e.Most), Unit: unit.Bytes}.String()
}

// Undo unpacks a body by its Content-Encoding (gzip, deflate, br, zstd, or several of them); "" and an empty body come
// back as they are. The unpacked body has at most so many bytes: beyond them the error is a *LargeError. Any other
// error says what is wrong with the body, in words that are safe to print.
func Undo[T string | []byte](encoding T, body []byte, most int64) ([]byte, error) {
	if len(encoding) == 0 || len(body) == 0 || string(encoding) == "identity" {
		return body, nil
	}
	names := strings.Split(string(encoding), ",")
	for i := len(names) - 1; i >= 0; i-- {
		err := errUnknown
		name := strings.ToLower(strings.TrimSpace(names[i]))
		if len(names) <= mostCodings {
			body, err = undo(name, body, most)
		}
		switch {
		case errors.Is(err, errTooLarge):
			return nil, &LargeError{most}
		case errors.Is(err, errUnknown):
			return nil, fmt.Errorf("the body is encoded as %s, which cannot be read", quoted(string(encoding)))
		case err != nil:
			return nil, fmt.Errorf("the body is not %s as its head says", quoted(name))
		}
	}
	return body, nil
}

// quoted is what a message shows of a coding's name.
func quoted(name string) string {
	const most = 20
	return safetext.Quoted(name[:min(len(name), most+4)], most)
}

// undo undoes one coding.
func undo(name string, body []byte, maxBody int64) ([]byte, error) {
	if name == "identity" || name == "" {
		return body, nil
	}
	i := slices.IndexFunc(codings, func(c coding) bool { return c.name == name })
	if i < 0 {
		return nil, errUnknown
	}
	plain, err := codings[i].unpack(body, maxBody)
	switch {
	case err == nil:
		return plain, nil
	case name == "deflate" && !errors.Is(err, errTooLarge):
		if plain, bare := bareDeflate.unpack(body, maxBody); bare == nil || errors.Is(bare, errTooLarge) {
			return plain, bare
		}
	case name == "zstd" && !wholeFrames(body):
		return nil, errNotZstd // a length that is damage is not a large body
	}
	return nil, err
}

// unpack reads a body to its end, or to the limit in bytes.
func (c coding) unpack(body []byte, most int64) ([]byte, error) {
	r, err := c.reader(bytes.NewReader(body), most)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, min(most, math.MaxInt64-1)+1))
	c.free.Put(r)
	switch {
	case err != nil:
		return nil, err
	case int64(len(plain)) > most:
		return nil, errTooLarge
	}
	return plain, nil
}

// reader returns one that was open before, or a new one.
func (c coding) reader(body io.Reader, most int64) (unpacker, error) {
	r, open := c.free.Get().(unpacker)
	if z, ok := r.(*zstdReader); ok && !z.serves(most) {
		z.Close()
		open = false
	}
	if !open {
		return c.open(body, most)
	}
	return r, r.Reset(body)
}
