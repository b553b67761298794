package importer_test

import (
	"encoding/csv"
	"encoding/gob"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// plainReaders are the second readers, by format.
var plainReaders = map[string]func(text string) []plainRow{
	"k6-json":           plainK6JSON,
	"k6-csv":            plainK6CSV,
	"vegeta-json":       plainVegetaJSON,
	"vegeta-csv":        plainVegetaCSV,
	"vegeta-gob":        plainVegetaGob,
	"jtl":               plainJTL,
	"jtl-xml":           plainJTLXML,
	"gatling-log":       plainGatlingLog,
	"oha-csv":           plainOhaCSV,
	"hey-csv":           plainHeyCSV,
	"k6-summary":        plainK6Summary,
	"vegeta-report":     plainVegetaReport,
	"locust-csv":        plainLocust,
	"locust-old-stats":  plainLocust,
	"locust-requests":   plainLocust,
	"locust-json":       plainLocustJSON,
	"gatling-stats":     plainGatling,
	"artillery":         plainArtillery,
	"fortio":            plainFortio,
	"oha-json":          plainOha,
	"wrk":               plainWrk,
	"autocannon":        plainAutocannon,
	"bombardier":        plainBombardier,
	"bombardier-json":   plainBombardierJSON,
	"ab":                plainAB,
	"taurus":            plainTaurus,
	"nbomber":           plainNBomber,
	"jmeter-statistics": plainStatistics,
	"jmeter-table":      plainTable,
	"hgrm":              plainHgrm,
}

// counted adds a request.
func (p *plainRow) counted(ms float64, good bool) {
	p.requests++
	if good {
		p.times = append(p.times, ms)
	} else {
		p.failed++
	}
}

// table reads CSV by the names of its first row.
func table(text string, comma rune) []map[string]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	all, _ := r.ReadAll()
	var rows []map[string]string
	for _, fields := range all[min(1, len(all)):] {
		row := map[string]string{}
		for i, name := range all[0] {
			if i < len(fields) {
				row[name] = fields[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func plainK6JSON(text string) []plainRow {
	var p plainRow
	for line := range strings.Lines(text) {
		v := parsed(line)
		if dig(v, "type") == "Point" && dig(v, "metric") == "http_req_duration" {
			p.counted(number(dig(v, "data", "value")), dig(v, "data", "tags", "expected_response") == "true")
		}
	}
	return []plainRow{p}
}

func plainK6CSV(text string) []plainRow {
	var p plainRow
	for _, row := range table(text, ',') {
		if row["metric_name"] == "http_req_duration" {
			p.counted(number(row["metric_value"]), row["expected_response"] == "true")
		}
	}
	return []plainRow{p}
}

func plainVegetaJSON(text string) []plainRow {
	var p plainRow
	for line := range strings.Lines(text) {
		v := parsed(line)
		if v == nil {
			continue
		}
		code := number(dig(v, "code"))
		p.counted(number(dig(v, "latency"))/1e6, code >= 200 && code < 400)
	}
	return []plainRow{p}
}

func plainVegetaCSV(text string) []plainRow {
	var p plainRow
	for line := range strings.Lines(text) {
		if fields := strings.Split(line, ","); len(fields) > 3 {
			p.counted(number(fields[2])/1e6, fields[1] >= "200" && fields[1] < "400")
		}
	}
	return []plainRow{p}
}

func plainVegetaGob(text string) []plainRow {
	var p plainRow
	decoder := gob.NewDecoder(strings.NewReader(text))
	for {
		var g struct {
			Code    uint16
			Latency time.Duration
		}
		if err := decoder.Decode(&g); errors.Is(err, io.EOF) || err != nil {
			return []plainRow{p}
		}
		p.counted(g.Latency.Seconds()*1000, g.Code/100 == 2 || g.Code/100 == 3)
	}
}

var partNumber = regexp.MustCompile(`^(-\d+)+$`)

func plainJTL(text string) []plainRow {
	comma := ','
	first, _, _ := strings.Cut(text, "\n")
	for _, c := range ";|\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(comma)) {
			comma = c
		}
	}
	if strings.HasPrefix(first, "1") {
		text = strings.ReplaceAll(strings.TrimSpace(jtlHead), ",", string(comma)) + "\n" + text
	}
	type sample struct {
		row        map[string]string
		begin, end float64
	}
	var all []sample
	for _, row := range table(text, comma) {
		transaction := strings.HasPrefix(row["responseMessage"], "Number of samples in transaction")
		if row["timeStamp"] != "timeStamp" && !transaction {
			all = append(all, sample{row, number(row["timeStamp"]), number(row["timeStamp"]) + number(row["elapsed"])})
		}
	}
	var p plainRow
	for i, x := range all {
		part := false
		for j, other := range all {
			rest, named := strings.CutPrefix(x.row["label"], other.row["label"])
			near := other.row["threadName"] == x.row["threadName"] && other.begin <= x.begin && x.end <= other.end
			part = part || i != j && named && near && partNumber.MatchString(rest)
		}
		if !part {
			p.counted(x.end-x.begin, x.row["success"] == "true")
		}
	}
	return []plainRow{p}
}

// plainElement is any element of XML.
type plainElement struct {
	XMLName xml.Name
	Attrs   []xml.Attr     `xml:",any,attr"`
	Inner   []plainElement `xml:",any"`
}

func (e plainElement) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func plainJTLXML(text string) []plainRow {
	var root plainElement
	_ = xml.Unmarshal([]byte(text), &root)
	var p plainRow
	var walk func(e plainElement)
	walk = func(e plainElement) {
		inner := 0
		for _, c := range e.Inner {
			if name := c.XMLName.Local; e.XMLName.Local != "httpSample" && (name == "sample" || name == "httpSample") {
				inner++
				walk(c)
			}
		}
		if inner == 0 && e.XMLName.Local != "testResults" {
			p.counted(number(e.attr("t")), e.attr("s") == "true")
		}
	}
	walk(root)
	return []plainRow{p}
}

var gatlingRequest = regexp.MustCompile(`(?m)^REQUEST\t.*\t(\d+)\t(\d+)\t(OK|KO)\t`)

func plainGatlingLog(text string) []plainRow {
	var p plainRow
	for _, m := range gatlingRequest.FindAllStringSubmatch(text, -1) {
		p.counted(number(m[2])-number(m[1]), m[3] == "OK")
	}
	return []plainRow{p}
}

func plainOhaCSV(text string) []plainRow { return plainSeconds(text, "request-duration", "status") }
func plainHeyCSV(text string) []plainRow { return plainSeconds(text, "response-time", "status-code") }

func plainSeconds(text, duration, status string) []plainRow {
	var p plainRow
	for _, row := range table(text, ',') {
		code, _ := strconv.Atoi(row[status])
		p.counted(number(row[duration])*1000, code >= 200 && code < 400)
	}
	return []plainRow{p}
}
