// Package importer reads what other load generators wrote, request by request
// where they kept that, into results that are judged like loadgate's own. It
// knows their formats; it does not know what is good. What a file cannot tell, such as whether its
// generator kept its timetable, stays absent, and the gate says so.
package importer

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/loadgate/loadgate/internal/result"
)

// Kinds lists the formats in the order in which they are tried: files that stand
// beside others first, so that a format that was asked for does not hide them. Each call
// returns a new slice.
func Kinds() []Kind {
	return []Kind{
		{Name: "locust-failures", Tool: "Locust", beside: "locust-csv",
			sniff: sniffLocust(locustFailures), figures: readLocustFailures},
		{Name: "locust-history", Tool: "Locust", beside: "locust-csv",
			sniff: sniffLocust(locustHistory), figures: readLocustHistory},
		{Name: "locust-old-history", Tool: "Locust", beside: "locust-old-stats",
			sniff: sniffLocust(locustOldHistory), figures: readLocustOldHistory},
		{Name: "locust-distribution", Tool: "Locust", beside: "locust-requests",
			sniff: sniffLocust(locustParts), figures: readLocustDistribution},
		{Name: "locust-exceptions", Tool: "Locust", beside: "locust-csv",
			sniff: sniffLocust(locustErrors), figures: readLocustExceptions},
		{Name: "k6-json", Tool: "k6", Keeps: Requests, sniff: sniffK6JSON, requests: readK6JSON},
		{Name: "k6-csv", Tool: "k6", Keeps: Requests, sniff: sniffK6CSV, requests: readK6CSV},
		{Name: "k6-summary", Tool: "k6", Failures: result.Mixed,
			Advice: k6Advice, sniff: sniffK6Summary, figures: readK6Summary},
		{Name: "vegeta-json", Tool: "Vegeta", Keeps: Requests,
			sniff: object(`"latency":`, `"timestamp":`, `"code":`), requests: readVegetaJSON},
		{Name: "vegeta-csv", Tool: "Vegeta", Keeps: Requests, sniff: sniffVegetaCSV, requests: readVegetaCSV},
		{Name: "vegeta-gob", Tool: "Vegeta", Keeps: Requests, sniff: sniffVegetaGob, requests: readVegetaGob},
		{Name: "vegeta-report", Tool: "Vegeta", Failures: result.Mixed,
			Advice: vegetaAdvice, sniff: object(`"latencies"`, `"95th"`), figures: readVegetaReport},
		{Name: "jtl", Tool: "JMeter", Keeps: Requests, sniff: sniffJTL, requests: readJTL},
		{Name: "jtl-xml", Tool: "JMeter", Keeps: Requests, sniff: sniffJTLXML, requests: readJTLXML},
		{Name: "jmeter-statistics", Tool: "JMeter", Failures: result.Mixed, Advice: jmeterAdvice,
			sniff: sniffJMeterStatistics, figures: readJMeterStatistics},
		{Name: "jmeter-table", Tool: "JMeter", Failures: result.Mixed, Advice: jmeterAdvice,
			rounding: tableRounding,
			sniff:    sniffJMeterTable, figures: readJMeterTable},
		{Name: "locust-csv", Tool: "Locust", Failures: result.Mixed,
			Advice: locustAdvice, sniff: sniffLocust(locustStats), figures: readLocustStats},
		{Name: "locust-old-stats", Tool: "Locust", Failures: result.Mixed,
			sniff: sniffLocust(locustOldStats), figures: readLocustOldStats},
		{Name: "locust-requests", Tool: "Locust", Failures: result.Mixed,
			sniff: sniffLocust(locustRequests), figures: readLocustRequests},
		{Name: "locust-json", Tool: "Locust", Keeps: Buckets, Failures: result.Mixed,
			sniff: sniffLocustJSON, figures: readLocustJSON},
		{Name: "gatling-log", Tool: "Gatling", Keeps: Requests, sniff: sniffGatlingLog, requests: readGatlingLog},
		{Name: "gatling-stats", Tool: "Gatling", sniff: sniffGatlingStats, figures: readGatlingStats},
		{Name: "artillery", Tool: "Artillery", Failures: result.Mixed, sniff: sniffArtillery, figures: readArtillery},
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
		{Name: "taurus", Tool: "Taurus", Failures: result.Mixed, sniff: sniffTaurus, figures: readTaurus},
		{Name: "nbomber", Tool: "NBomber", sniff: sniffNBomber, figures: readNBomber},
		{Name: "hgrm", Tool: "HdrHistogram", Keeps: Buckets, Failures: result.Untold,
			sniff: sniffHgrm, figures: readHgrm},
		{Name: "hlog", Tool: "HdrHistogram", Keeps: Requests, Failures: result.Untold,
			sniff: sniffHlog, requests: readHlog},
	}
}

// Options says how files are read. The zero value detects their format and
// keeps names as they are.
type Options struct {
	Format string // name of a Kind; empty: detected
	Names  Names
}

// ErrUnknown is a file that is of no format that is known.
var ErrUnknown = errors.New("neither a result of loadgate nor of a tool that it reads")

// Importer reads the files of one run. It is not safe for concurrent use.
type Importer struct {
	options Options
	samples *samples
	figures *figures
	kind    *Kind           // of the first file that stands alone
	first   string          // its name
	last    string          // the file that was read last
	beside  map[string]bool // those that stand beside another
}

// New returns an importer without a file.
func New(o Options) *Importer {
	return &Importer{options: o, samples: newSamples(o.Names), figures: newFigures(o.Names), beside: map[string]bool{}}
}

// Add reads a file, gzip included, in memory that does not grow with its
// requests. filename is for messages only. All files of a run are of one format.
// The error wraps ErrUnknown where the format cannot be told.
func (im *Importer) Add(r io.Reader, filename string) error {
	in := bufio.NewReaderSize(r, 256<<10)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("read %s: it begins like gzip, and is none", filename)
		}
		in = bufio.NewReaderSize(unzipped, 256<<10)
	}
	in = lined(decoded(in))
	in, kind, err := kindOf(in, im.options.Format)
	if err != nil {
		return fmt.Errorf("read %s: %w", filename, plainly(err))
	}
	im.last = filename
	switch {
	case kind.beside != "" && im.beside[filename]: // it was given, too
		return nil
	case kind.beside != "":
		im.beside[filename] = true
	case im.kind == nil:
		im.kind, im.first = &kind, filename
	case im.kind.Name != kind.Name:
		return fmt.Errorf("read %s: it is %s, and %s is %s: judge one format at a time",
			filename, kind.Name, im.first, im.kind.Name)
	case kind.Keeps == Percentiles:
		return fmt.Errorf("read %s: percentiles of several files cannot be joined: %s",
			filename, cmp.Or(kind.Advice, "judge them one at a time"))
	}
	if kind.requests != nil {
		err = kind.requests(in, im.samples)
	} else {
		err = kind.figures(in, im.figures)
	}
	if err != nil {
		return fmt.Errorf("read %s as %s: %w", filename, kind.Name, plainly(err))
	}
	return nil
}

// Result is what the files say together.
func (im *Importer) Result() (*result.Result, error) {
	if im.kind == nil {
		return nil, fmt.Errorf("read %s: %s", im.last, alone(im.last))
	}
	collect := im.figures.result
	if im.kind.requests != nil {
		collect = im.samples.result
	}
	doc, err := collect(*im.kind)
	if err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", im.first, im.kind.Name, plainly(err))
	}
	return doc, nil
}

// Decode reads a run of one file.
func Decode(r io.Reader, filename string, o Options) (*result.Result, error) {
	im := New(o)
	if err := im.Add(r, filename); err != nil {
		return nil, err
	}
	return im.Result()
}

// Beside names the files that may stand beside one and say more of the same run.
func Beside(filename string) []string { return companionsOf(filename) }
