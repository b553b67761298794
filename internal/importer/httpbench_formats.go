package importer

import "github.com/loadgate/loadgate/internal/result"

// httpbenchFormats are those of tools that load one address from a command line, in the order in which they are tried.
func httpbenchFormats() []Kind {
	return []Kind{
		{Name: "fortio", Tool: "Fortio", Keeps: Buckets, sniff: object(`"RunType"`), figures: readFortio},
		{Name: "oha-json", Tool: "oha", Failures: result.Mixed,
			sniff: object(`"summary"`, `"successRate"`), figures: readOhaJSON},
		{Name: "oha-csv", Tool: "oha", Keeps: Requests, Failures: result.Omitted,
			Advice: ohaAdvice, sniff: sniffOhaCSV, requests: readOhaCSV},
		{Name: "hey-csv", Tool: "hey", Keeps: Requests, Failures: result.Omitted,
			sniff: sniffHeyCSV, requests: readHeyCSV},
		{Name: "wrk", Tool: "wrk", Failures: result.Mixed, Advice: wrkAdvice, sniff: sniffWrk, figures: readWrk},
		{Name: "autocannon", Tool: "autocannon", Failures: result.Mixed,
			sniff: object(`"non2xx"`, `"latency"`), figures: readAutocannon},
		{Name: "bombardier", Tool: "bombardier", Failures: result.Mixed, Advice: bombardierAdvice,
			sniff: sniffBombardier, figures: readBombardier},
		{Name: "bombardier-json", Tool: "bombardier", Failures: result.Mixed, Advice: bombardierAdvice,
			sniff: sniffBombardierJSON, figures: readBombardierJSON},
		{Name: "ab", Tool: "ab", Failures: result.Mixed, sniff: sniffAB, figures: readAB},
	}
}
