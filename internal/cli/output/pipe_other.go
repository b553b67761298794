//go:build !unix

package output

import "os"

// openReader opens a device for writing.
func openReader(path string) (*os.File, error) { return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0) }
