//go:build !linux || !(amd64 || arm64)

package engine

import "context"

// NewAlarm returns the most exact alarm that this system has. It stops waiting
// when ctx ends.
func NewAlarm(context.Context) Alarm { return newTimerAlarm() }
