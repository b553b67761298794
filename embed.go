// Package loadgate carries the file of the stand-in into the binary. It sits at
// the top of the repository because the file does, for people to read, and go
// embeds no file from a folder above.
package loadgate

import _ "embed"

// DemoFile is thresholds.yaml of this folder: the load of the stand-in, and what
// has to hold for it.
//
//go:embed thresholds.yaml
var DemoFile string
