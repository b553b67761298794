package input

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// Unpack returns the content of a file, unpacked if it is packed with gzip. The first bytes can be
// peeked at. The error is that of reading, or of a file that only begins like a packed one.
func Unpack(in io.Reader) (*bufio.Reader, error) {
	buffered := bufio.NewReaderSize(in, peeked)
	head, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	zip, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(zip, peeked), nil
}

// peeked is how much of a file can be looked at before it is read.
const peeked = 64 << 10
