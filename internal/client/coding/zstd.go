package coding

import (
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"
)

// zstdReader is a decoder that takes no more memory than a limit on bodies asks for, at
// least 8 MiB: a head may announce any size.
type zstdReader struct {
	*zstd.Decoder
	memory uint64 // bytes
}

func openZstd(body io.Reader, most int64) (unpacker, error) {
	memory := zstdMemory(most)
	d, err := zstd.NewReader(body, zstd.WithDecoderMaxMemory(memory), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return &zstdReader{d, memory}, nil
}

// zstdMemory is how much memory bodies of a size need, in whole steps of 8 MiB.
func zstdMemory(most int64) uint64 {
	const step = 8 << 20
	return (uint64(min(most, math.MaxInt64-step)) + step - 1) / step * step
}

func (r *zstdReader) serves(most int64) bool { return r.memory == zstdMemory(most) }

// Read words what a head asks for beyond the limit as a large body.
func (r *zstdReader) Read(p []byte) (int, error) {
	n, err := r.Decoder.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = errTooLarge
	}
	return n, err
}

var errNotZstd = errors.New("not zstd")

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
