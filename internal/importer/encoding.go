package importer

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Windows writes text in its own ways: marks of byte order at the beginning,
// UTF-16 where PowerShell redirects what a tool prints, ends of line as \r\n, and
// as \r\r\n where a program that writes them itself opened the file as text.

// decoded is a file as UTF-8 without a mark. Binary files stay as they are.
func decoded(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // it was there a moment ago
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return bufio.NewReaderSize(&wide{in: in, low: 0, high: 1, first: true}, 256<<10)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return bufio.NewReaderSize(&wide{in: in, low: 1, high: 0, first: true}, 256<<10)
	case len(head) == 4 && head[0] >= ' ' && head[1] == 0 && head[2] >= ' ' && head[3] == 0:
		return bufio.NewReaderSize(&wide{in: in, low: 0, high: 1}, 256<<10)
	}
	return in
}

// wide reads UTF-16 as UTF-8.
type wide struct {
	in        *bufio.Reader
	low, high int  // which byte of a pair is which
	first     bool // the mark of byte order is to be left out
	held      rune // half of a character; 0: none
	out       []byte
}

// Read implements io.Reader.
func (w *wide) Read(p []byte) (int, error) {
	var pair [2]byte
	for len(w.out) < len(p) {
		if _, err := io.ReadFull(w.in, pair[:]); err != nil {
			if len(w.out) > 0 {
				break
			}
			return 0, err
		}
		r := rune(pair[w.high])<<8 | rune(pair[w.low])
		switch {
		case w.first && r == '\ufeff':
		case w.held == 0 && utf16.IsSurrogate(r):
			w.held = r
		case w.held != 0:
			w.out = utf8.AppendRune(w.out, utf16.DecodeRune(w.held, r))
			w.held = 0
		default:
			w.out = utf8.AppendRune(w.out, r)
		}
		w.first = false
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// newlines ends every line of a text with \n alone, whichever of \r, \r\n and
// \r\r\n it has.
type newlines struct {
	in    io.Reader
	ended bool // by a \r, whose \n may come
}

// Read implements io.Reader.
func (l *newlines) Read(p []byte) (int, error) {
	if len(p) < 2 {
		return 0, io.ErrShortBuffer
	}
	for {
		n, err := l.in.Read(p[1:]) // one more may be needed than is read
		kept := 0
		for _, b := range p[1 : 1+n] {
			if b == '\r' {
				l.ended = true
				continue
			}
			if l.ended && b != '\n' {
				p[kept] = '\n'
				kept++
			}
			l.ended = false
			p[kept] = b
			kept++
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}

// readable is a text as UTF-8: what is none is GBK where all of it can be, as
// Chinese Windows writes it, else Latin-1, so that two texts stay two.
func readable(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	if hanzi(text) {
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

// charset reads XML of the encoding that it names. What was UTF-16 is UTF-8 by
// now.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(lower, "utf"):
		return in, nil
	case strings.HasPrefix(lower, "gb"):
		return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
	}
	return charmap.Windows1252.NewDecoder().Reader(in), nil
}

// hanzi says whether all that is not ASCII is pairs of GB 2312, and one of them
// of its first level, which has the characters in common use: pairs of the second
// may be two letters of Latin-1.
func hanzi(text string) bool {
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
