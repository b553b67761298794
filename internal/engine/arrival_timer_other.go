//go:build !linux || !(amd64 || arm64)

package engine

import "context"

// NewArrivalTimer returns the most exact timer that this system has. It stops waiting
// when ctx ends.
func NewArrivalTimer(context.Context) ArrivalTimer { return newPlainTimer() }
