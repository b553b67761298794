package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/loadgate/loadgate/internal/result"
)

// digest identifies the load of a file by its format and endpoints, so that runs of one
// script have the same and those of two scripts do not.
func digest(r *result.Result) string {
	sum := sha256.New()
	for _, e := range r.Endpoints {
		fmt.Fprintln(sum, e.Name)
	}
	return r.Source.Format + " " + hex.EncodeToString(sum.Sum(nil)[:8])
}
