//go:build !unix

package probe_test

import (
	"syscall"
	"testing"
)

// humble is nobody: there is no superuser whom PostgreSQL refuses.
func humble(*testing.T, string) *syscall.SysProcAttr { return nil }
