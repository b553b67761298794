// Package har reads recordings of a browser, as HTTP Archive (HAR) files hold them.
package har

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/recording"
)

// Draft drafts a file from recordings of a browser, one kind of user each.
func Draft(files []input.File, o draft.Options) (*draft.Draft, error) {
	var all []recording.Recording
	for _, f := range files {
		exchanges, err := decode(f.Text)
		if err != nil {
			return nil, fmt.Errorf("read HAR %s: %w", f.Name, err)
		}
		all = append(all, recording.Recording{Name: f.Name, Exchanges: exchanges})
	}
	return recording.Draft(recording.Source{Origin: "a browser's recording", Kind: "HAR"}, all, o)
}
