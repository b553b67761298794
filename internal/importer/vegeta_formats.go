package importer

import "github.com/loadgate/loadgate/internal/result"

// vegetaFormats are Vegeta's, in the order in which they are tried.
func vegetaFormats() []Kind {
	return []Kind{
		{Name: "vegeta-json", Tool: "Vegeta", Keeps: Requests,
			sniff: object(`"latency":`, `"timestamp":`, `"code":`), requests: readVegetaJSON},
		{Name: "vegeta-csv", Tool: "Vegeta", Keeps: Requests, sniff: sniffVegetaCSV, requests: readVegetaCSV},
		{Name: "vegeta-gob", Tool: "Vegeta", Keeps: Requests, sniff: sniffVegetaGob, requests: readVegetaGob},
		{Name: "vegeta-report", Tool: "Vegeta", Failures: result.Mixed,
			Advice: vegetaAdvice, sniff: object(`"latencies"`, `"95th"`), figures: readVegetaReport},
	}
}
