// Package charset reads the text of other tools as UTF-8, whatever their system writes:
// UTF-16 and UTF-32 with and without a byte order mark, GBK, Latin-1. It knows nothing of
// lines or formats.
package charset

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Windows begins text with byte order marks, and PowerShell redirects output as UTF-16.

// UTF8 converts a file to UTF-8 without a byte order mark. Binary files stay as they are.
func UTF8(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(8)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")):
		return bufio.NewReaderSize(&utf32Reader{in: in, order: binary.LittleEndian}, 256<<10)
	case bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return bufio.NewReaderSize(&utf32Reader{in: in, order: binary.BigEndian}, 256<<10)
	case len(head) == 8 && printable(head[0], head[4]) && zero(head[1], head[2], head[3], head[5], head[6], head[7]):
		return bufio.NewReaderSize(&utf32Reader{in: in, order: binary.LittleEndian}, 256<<10)
	case len(head) == 8 && printable(head[3], head[7]) && zero(head[0], head[1], head[2], head[4], head[5], head[6]):
		return bufio.NewReaderSize(&utf32Reader{in: in, order: binary.BigEndian}, 256<<10)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // it was there a moment ago
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return bufio.NewReaderSize(&utf16Reader{in: in, low: 0, high: 1, first: true}, 256<<10)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return bufio.NewReaderSize(&utf16Reader{in: in, low: 1, high: 0, first: true}, 256<<10)
	case len(head) >= 4 && printable(head[0], head[2]) && zero(head[1], head[3]):
		return bufio.NewReaderSize(&utf16Reader{in: in, low: 0, high: 1}, 256<<10)
	case len(head) >= 4 && printable(head[1], head[3]) && zero(head[0], head[2]):
		return bufio.NewReaderSize(&utf16Reader{in: in, low: 1, high: 0}, 256<<10)
	}
	return in
}

// printable reports whether bytes are ASCII text, with which every file begins.
func printable(all ...byte) bool {
	return !slices.ContainsFunc(all, func(b byte) bool { return b < ' ' && b != '\n' && b != '\r' && b != '\t' })
}

func zero(all ...byte) bool { return !slices.ContainsFunc(all, func(b byte) bool { return b != 0 }) }

// utf32Reader reads UTF-32 as UTF-8.
type utf32Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	begun bool
	out   []byte
}

// Read implements io.Reader.
func (w *utf32Reader) Read(p []byte) (int, error) {
	var four [4]byte
	for len(w.out) < len(p) {
		if _, err := io.ReadFull(w.in, four[:]); err != nil {
			if len(w.out) > 0 {
				break
			}
			return 0, err
		}
		if r := w.order.Uint32(four[:]); w.begun || r != '\ufeff' {
			w.out = utf8.AppendRune(w.out, rune(min(r, utf8.MaxRune+1)))
		}
		w.begun = true
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// utf16Reader reads UTF-16 as UTF-8.
type utf16Reader struct {
	in        *bufio.Reader
	low, high int  // which byte of a pair is which
	first     bool // leave out the mark of byte order
	held      rune // the first half of a character; 0: none
	out       []byte
}

// Read implements io.Reader.
func (w *utf16Reader) Read(p []byte) (int, error) {
	var pair [2]byte
	for len(w.out) < len(p) {
		if _, err := io.ReadFull(w.in, pair[:]); err != nil {
			w.release()
			if len(w.out) > 0 {
				break
			}
			return 0, err
		}
		r := rune(pair[w.high])<<8 | rune(pair[w.low])
		switch {
		case w.first && r == '\ufeff':
		case w.held != 0 && utf16.DecodeRune(w.held, r) != utf8.RuneError:
			w.out = utf8.AppendRune(w.out, utf16.DecodeRune(w.held, r))
			w.held = 0
		default:
			w.release()
			if isFirstHalf(r) {
				w.held = r
			} else {
				w.out = utf8.AppendRune(w.out, r)
			}
		}
		w.first = false
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// release writes the replacement character for half of a character that the other half does
// not follow.
func (w *utf16Reader) release() {
	if w.held != 0 {
		w.out = utf8.AppendRune(w.out, utf8.RuneError)
		w.held = 0
	}
}

// isFirstHalf reports whether a unit begins a character of two.
func isFirstHalf(r rune) bool { return 0xd800 <= r && r < 0xdc00 }

// Readable converts a text to UTF-8. Text that is not UTF-8 is taken for GBK, which Chinese
// Windows writes, if all of it can be, else for Latin-1, so that different texts stay
// different.
func Readable(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	if isChinese(text) {
		if decoded, err := simplifiedchinese.GBK.NewDecoder().String(text); err == nil {
			return decoded
		}
	}
	out := make([]byte, 0, len(text)+8)
	for i := range len(text) {
		out = utf8.AppendRune(out, rune(text[i]))
	}
	return string(out)
}

// ForXML is a CharsetReader of xml.Decoder. It leaves UTF-16 alone, which UTF8 has converted
// before.
func ForXML(name string, in io.Reader) (io.Reader, error) {
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(lower, "utf"):
		return in, nil
	case strings.HasPrefix(lower, "gb"):
		return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
	}
	return charmap.Windows1252.NewDecoder().Reader(in), nil
}

// isChinese reports whether all but ASCII is pairs of GB 2312, at least one from its first
// level, which has the common characters: a pair of the second level may be two letters of
// Latin-1.
func isChinese(text string) bool {
	common := false
	for i := 0; i < len(text); i++ {
		if text[i] < utf8.RuneSelf {
			continue
		}
		if text[i] < 0xa1 || text[i] > 0xf7 || i+1 == len(text) || text[i+1] < 0xa1 || text[i+1] > 0xfe {
			return false
		}
		common = common || text[i] >= 0xb0 && text[i] <= 0xd7
		i++
	}
	return common
}
