//go:build unix

package output

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// readerWithin is how long a named pipe may be without a reader, who may have been started beside loadgate.
const readerWithin = 5 * time.Second

// openPipe opens a named pipe, or another device, for writing. The system would wait for a reader of the
// pipe, for ever if there is none, and nobody would see the verdict.
func openPipe(path string) (*os.File, error) {
	const pause = 10 * time.Millisecond
	for waited := time.Duration(0); ; waited += pause {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0)
		switch {
		case !errors.Is(err, syscall.ENXIO) || !isNamedPipe(path):
			return f, err
		case waited >= readerWithin:
			return nil, errors.New("nothing reads this pipe: start its reader first")
		}
		time.Sleep(pause)
	}
}

func isNamedPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}
