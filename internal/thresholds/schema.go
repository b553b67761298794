package thresholds

import "github.com/loadgate/loadgate/internal/config/grammar"

// Schema returns the JSON Schema (draft 2020-12) of thresholds.yaml. It is made of the table
// that Decode reads by, so that an editor refuses what Decode refuses, as far as a schema can:
// it knows shapes, not names that other parts of the file must have.
func Schema() ([]byte, error) { return grammar.Schema() }
