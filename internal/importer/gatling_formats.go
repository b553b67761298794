package importer

// gatlingFormats are Gatling's, in the order in which they are tried.
func gatlingFormats() []Kind {
	return []Kind{
		{Name: "gatling-log", Tool: "Gatling", Keeps: Requests, sniff: sniffGatlingLog, requests: readGatlingLog},
		{Name: "gatling-stats", Tool: "Gatling", sniff: sniffGatlingStats, figures: readGatlingStats},
	}
}
