package httpbench

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are those of tools that load one address from a command line, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "fortio", Tool: "Fortio", Keeps: collect.Buckets,
			Sniff: collect.HasKeys(`"RunType"`), ReadFigures: readFortio},
		{Name: "oha-json", Tool: "oha", Failures: result.Mixed,
			Sniff: collect.HasKeys(`"summary"`, `"successRate"`), ReadFigures: readOhaJSON},
		{Name: "oha-csv", Tool: "oha", Keeps: collect.Requests, Failures: result.Omitted,
			Advice: ohaAdvice, Sniff: sniffOhaCSV, ReadRequests: readOhaCSV},
		{Name: "hey-csv", Tool: "hey", Keeps: collect.Requests, Failures: result.Omitted,
			Sniff: sniffHeyCSV, ReadRequests: readHeyCSV},
		{Name: "wrk", Tool: "wrk", Failures: result.Mixed, Advice: wrkAdvice, Sniff: sniffWrk, ReadFigures: readWrk},
		{Name: "autocannon", Tool: "autocannon", Failures: result.Mixed,
			Sniff: collect.HasKeys(`"non2xx"`, `"latency"`), ReadFigures: readAutocannon},
		{Name: "bombardier", Tool: "bombardier", Failures: result.Mixed, Advice: bombardierAdvice,
			Sniff: sniffBombardier, ReadFigures: readBombardier},
		{Name: "bombardier-json", Tool: "bombardier", Failures: result.Mixed, Advice: bombardierAdvice,
			Sniff: sniffBombardierJSON, ReadFigures: readBombardierJSON},
		{Name: "ab", Tool: "ab", Failures: result.Mixed, Sniff: sniffAB, ReadFigures: readAB},
	}
}
