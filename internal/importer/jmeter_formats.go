package importer

import "github.com/loadgate/loadgate/internal/result"

// jmeterFormats are JMeter's, in the order in which they are tried.
func jmeterFormats() []Kind {
	return []Kind{
		{Name: "jtl", Tool: "JMeter", Keeps: Requests, sniff: sniffJTL, requests: readJTL},
		{Name: "jtl-xml", Tool: "JMeter", Keeps: Requests, sniff: sniffJTLXML, requests: readJTLXML},
		{Name: "jmeter-statistics", Tool: "JMeter", Failures: result.Mixed, Advice: jmeterAdvice,
			sniff: sniffJMeterStatistics, figures: readJMeterStatistics},
		{Name: "jmeter-table", Tool: "JMeter", Failures: result.Mixed, Advice: jmeterAdvice,
			rounding: tableRounding,
			sniff:    sniffJMeterTable, figures: readJMeterTable},
	}
}
