package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/loadgate/loadgate/internal/result"
)

// digest names the load of a file as well as that can be: by its format and what
// was asked, so that runs of one script are alike and those of two are not.
func digest(r *result.Result) string {
	sum := sha256.New()
	for _, e := range r.Endpoints {
		fmt.Fprintln(sum, e.Name)
	}
	return r.Source.Format + " " + hex.EncodeToString(sum.Sum(nil)[:8])
}
