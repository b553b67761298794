//go:build !unix

package output

import "os"

// openPipe opens a device for writing.
func openPipe(path string) (*os.File, error) { return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0) }
