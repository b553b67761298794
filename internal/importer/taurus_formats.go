package importer

import "github.com/loadgate/loadgate/internal/result"

// taurusFormats are Taurus's report, in the order in which they are tried.
func taurusFormats() []Kind {
	return []Kind{
		{Name: "taurus", Tool: "Taurus", Failures: result.Mixed, sniff: sniffTaurus, figures: readTaurus},
	}
}
