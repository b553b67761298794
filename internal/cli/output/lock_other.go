//go:build !unix

package output

import "os"

// lockOpen lets everybody in: there are no such locks here.
func lockOpen(*os.File) error { return nil }
