//go:build !unix

package storetest

import (
	"syscall"
	"testing"
)

func humble(testing.TB, string) *syscall.SysProcAttr { return nil }
