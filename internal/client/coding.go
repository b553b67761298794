package client

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/loadgate/loadgate/internal/metric"
)

// mostCodings is how many codings of one body are undone: nobody means more.
const mostCodings = 3

// decode undoes a Content-Encoding (gzip, deflate, br, zstd, or several of them).
// The decoded body may not be larger than the limit either.
func decode(encoding, body []byte, maxBody int64) ([]byte, fault) {
	if len(encoding) == 0 || len(body) == 0 || string(encoding) == "identity" {
		return body, fault{}
	}
	codings := strings.Split(string(encoding), ",")
	for i := len(codings) - 1; i >= 0; i-- {
		err := fasthttp.ErrContentEncodingUnsupported
		coding := strings.ToLower(strings.TrimSpace(codings[i]))
		if len(codings) <= mostCodings {
			body, err = undo(coding, body, maxBody)
		}
		switch {
		case errors.Is(err, fasthttp.ErrBodyTooLarge):
			return nil, tooLarge(maxBody)
		case errors.Is(err, fasthttp.ErrContentEncodingUnsupported):
			detail := fmt.Sprintf("the body is encoded as %s, which cannot be read", quoted(encoding, 20))
			return nil, fault{kind: metric.Body, detail: detail}
		case err != nil:
			detail := fmt.Sprintf("the body is not %s as its head says", quoted(coding, 20))
			return nil, fault{kind: metric.Body, detail: detail}
		}
	}
	return body, fault{}
}

// undo undoes one coding.
func undo(coding string, body []byte, maxBody int64) ([]byte, error) {
	switch coding {
	case "identity", "":
		return body, nil
	case "x-gzip": // RFC 9110, section 8.4.1.3
		coding = "gzip"
	}
	var coded fasthttp.Response
	coded.Header.SetContentEncoding(coding)
	coded.SetBodyRaw(body)
	plain, err := coded.BodyUncompressedWithLimit(int(min(maxBody, math.MaxInt)))
	switch {
	case err == nil:
		return plain, nil
	case coding == "deflate" && !errors.Is(err, fasthttp.ErrBodyTooLarge):
		// Some servers leave out zlib's frame, and browsers have taken both ever since.
		if plain, raw := inflate(body, maxBody); raw == nil || errors.Is(raw, fasthttp.ErrBodyTooLarge) {
			return plain, raw
		}
	case coding == "zstd" && !wholeFrames(body):
		return nil, errNotZstd // a length that is damage is not a large body
	}
	return nil, err
}

var errNotZstd = errors.New("not zstd")

// inflate reads a deflate stream without a frame around it.
func inflate(body []byte, maxBody int64) ([]byte, error) {
	r := flate.NewReader(bytes.NewReader(body))
	plain, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if int64(len(plain)) > maxBody {
		return nil, fasthttp.ErrBodyTooLarge
	}
	return plain, err
}

// wholeFrames says whether a body is frames and blocks of zstd from its beginning
// to its end, RFC 8878 section 3.1, whatever is in them.
func wholeFrames(body []byte) bool {
	for len(body) > 0 {
		n := frame(body)
		if n <= 0 || n > len(body) {
			return false
		}
		body = body[n:]
	}
	return true
}

// largestBlock is that of zstd, in bytes.
const largestBlock = 128 << 10

// frame is the length of the frame at the beginning of a text, 0 where there is
// none.
func frame(text []byte) int {
	if len(text) < 8 {
		return 0
	}
	magic := binary.LittleEndian.Uint32(text)
	if magic&^0xf == 0x184d2a50 { // skippable
		return 8 + int(binary.LittleEndian.Uint32(text[4:]))
	}
	if magic != 0xfd2fb528 {
		return 0
	}
	flags, n := text[4], 5
	single := int(flags >> 5 & 1)
	n += 1 - single + [4]int{0, 1, 2, 4}[flags&3] + [4]int{single, 2, 4, 8}[flags>>6]
	for n+3 <= len(text) {
		header := int(text[n]) | int(text[n+1])<<8 | int(text[n+2])<<16
		last, kind, size := header&1 == 1, header>>1&3, header>>3
		if kind == 3 || size > largestBlock {
			return 0
		}
		if kind == 1 { // one byte, many times
			size = 1
		}
		if n += 3 + size; last {
			return n + 4*int(flags>>2&1) // a checksum
		}
	}
	return 0
}
