package importer

import "github.com/loadgate/loadgate/internal/result"

// artilleryFormats are Artillery's report, in the order in which they are tried.
func artilleryFormats() []Kind {
	return []Kind{
		{Name: "artillery", Tool: "Artillery", Failures: result.Mixed, sniff: sniffArtillery, figures: readArtillery},
	}
}
