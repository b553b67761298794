package jmeter

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are JMeter's, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "jtl", Tool: "JMeter", Keeps: collect.Requests, Sniff: sniffJTL, ReadRequests: readJTL},
		{Name: "jtl-xml", Tool: "JMeter", Keeps: collect.Requests, Sniff: sniffJTLXML, ReadRequests: readJTLXML},
		{Name: "jmeter-statistics", Tool: "JMeter", Failures: result.Mixed, Advice: advice,
			Sniff: sniffStatistics, ReadFigures: readStatistics},
		{Name: "jmeter-table", Tool: "JMeter", Failures: result.Mixed, Advice: advice,
			ShareRounding: tableRounding,
			Sniff:         sniffTable, ReadFigures: readTable},
	}
}
