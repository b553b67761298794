package importer_test

import (
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// between counts answers of statuses from 200 to 399 as good.
func between(codes any, of func(v any) float64) (all, failed int64) {
	object, _ := codes.(map[string]any)
	for code, n := range object {
		all += int64(of(n))
		if code < "200" || code >= "400" || len(code) != 3 {
			failed += int64(of(n))
		}
	}
	return all, failed
}

func plainK6Summary(text string) []plainRow {
	doc := parsed(text)
	metrics := map[string]any{}
	if object, ok := dig(doc, "metrics").(map[string]any); ok {
		metrics = object
	}
	if list, ok := dig(doc, "results", "metrics").([]any); ok {
		for _, m := range list {
			metrics[fmt.Sprint(dig(m, "name"))] = m
		}
	}
	values := func(name string) any {
		if inner := dig(metrics[name], "values"); inner != nil {
			return inner
		}
		return metrics[name]
	}
	of := func(tags string) plainRow {
		failed, times := values("http_req_failed"+tags), values("http_req_duration"+tags)
		p := plainRow{failed: -1, longest: number(dig(times, "max"))}
		p.quantiles = keyed(times, 1, map[float64]string{0.95: "p(95)", 0.99: "p(99)"})
		maps.Copy(p.quantiles, keyed(times, 1, map[float64]string{0.95: "p95", 0.99: "p99"}))
		p.requests = int64(number(dig(values("http_reqs"+tags), "count")))
		if p.requests == 0 {
			p.requests = int64(number(dig(times, "count")))
		}
		for _, keys := range [][2]string{{"passes", "fails"}, {"matches", "total"}} {
			if bad := dig(failed, keys[0]); bad != nil {
				p.failed = int64(number(bad))
				if p.requests == 0 {
					p.requests = int64(number(dig(failed, keys[1])))
				}
				if p.requests == 0 || keys[0] == "passes" {
					p.requests = p.failed + int64(number(dig(failed, keys[1])))
				}
			}
		}
		return p
	}
	whole := of("")
	var rows []plainRow
	rest := whole
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		metric, tags, ok := strings.Cut(name, "{")
		counts := strings.HasPrefix(metric, "http_req_failed") || metric == "http_reqs" || metric == "http_req_duration"
		if ok && counts && strings.Contains(tags, "name:") && !seen[tags] {
			seen[tags] = true
			part := of("{" + tags)
			rest.requests, rest.failed = rest.requests-part.requests, rest.failed-max(part.failed, 0)
			rows = append(rows, part)
		}
	}
	if rows == nil {
		return []plainRow{whole}
	}
	if rest.requests > 0 {
		rows = append(rows, plainRow{requests: rest.requests, failed: rest.failed})
	}
	return rows
}

func plainVegetaReport(text string) []plainRow {
	v := parsed(text)
	_, failed := between(dig(v, "status_codes"), func(n any) float64 { return number(n) })
	return []plainRow{{requests: int64(number(dig(v, "requests"))), failed: failed,
		longest:   number(dig(v, "latencies", "max")) / 1e6,
		quantiles: keyed(dig(v, "latencies"), 1e-6, map[float64]string{0.5: "50th", 0.95: "95th", 0.99: "99th"})}}
}

func plainLocust(text string) []plainRow {
	var rows []plainRow
	rest := plainRow{}
	for _, r := range table(strings.TrimPrefix(strings.ReplaceAll(text, "\r", ""), "\ufeff"), ',') {
		nameless := r["Type"]+r["Method"] == "" || r["Method"] == "None"
		if name := r["Name"]; nameless && (name == "Aggregated" || name == "Total") {
			rest.requests += int64(number(r["Request Count"]))
			rest.failed += int64(number(r["Failure Count"]))
			continue
		}
		requests, failed := number(r["Request Count"]+r["# requests"]), number(r["Failure Count"]+r["# failures"])
		_, among := r["Requests Failed/s"]
		if _, old := r["# requests"]; failed > requests || old && !among {
			requests += failed
		}
		p := plainRow{requests: int64(requests), failed: int64(failed), quantiles: map[float64]float64{}}
		p.longest = number(r["Max Response Time"])
		for q, column := range map[float64]string{0.5: "50%", 0.95: "95%", 0.99: "99%"} {
			if r[column] != "" && r[column] != "N/A" {
				p.quantiles[q] = number(r[column])
			}
		}
		if requests > 0 {
			rest.requests, rest.failed = rest.requests-p.requests, rest.failed-p.failed
			rows = append(rows, p)
		}
	}
	if rest.requests > 0 {
		rest.failed = max(rest.failed, 0)
		rows = append(rows, rest)
	}
	return rows
}

func plainLocustJSON(text string) []plainRow {
	list, _ := parsed(text).([]any)
	var rows []plainRow
	for _, e := range list {
		p := plainRow{requests: int64(number(dig(e, "num_requests"))), failed: int64(number(dig(e, "num_failures")))}
		p.longest = number(dig(e, "max_response_time"))
		var times []float64
		buckets, _ := dig(e, "response_times").(map[string]any)
		for ms, n := range buckets {
			times = append(times, slices.Repeat([]float64{number(ms)}, int(number(n)))...)
		}
		slices.Sort(times)
		if n := len(times); n > 0 {
			p.quantiles = map[float64]float64{0.5: times[(n+1)/2-1], 0.95: times[(95*n+99)/100-1]}
		}
		rows = append(rows, p)
	}
	return rows
}

var (
	gatlingCounts = regexp.MustCompile(`"numberOfRequests":\s*\{\s*"total":\s*"?\s*([\d,]+)"?,` +
		`\s*"ok":\s*"?\s*([\d,]+)"?,\s*"ko":\s*"?\s*([\d,]+)`)
	gatlingP95 = regexp.MustCompile(`"percentiles3":\s*\{\s*"total":\s*"?[\d -]+"?,\s*"ok":\s*"?\s*([\d-]+)`)
)

func plainGatling(text string) []plainRow {
	nodes := regexp.MustCompile(`"?type"?:\s*"REQUEST"`).Split(text, -1)
	if len(nodes) > 1 {
		nodes = nodes[1:]
	}
	var rows []plainRow
	for _, node := range nodes {
		m := gatlingCounts.FindStringSubmatch(node)
		if m == nil {
			continue
		}
		p := plainRow{requests: int64(number(m[1])), failed: int64(number(m[3])), quantiles: map[float64]float64{}}
		if m := gatlingP95.FindStringSubmatch(node); m != nil && m[1] != "-" && p.failed < p.requests {
			p.quantiles[0.95] = number(m[1])
		}
		rows = append(rows, p)
	}
	return rows
}

// plainArtilleryCounts are the counters and summaries of a report, under the
// names of Artillery 2.
func plainArtilleryCounts(text string) (counters map[string]float64, times map[string]any) {
	a := dig(parsed(text), "aggregate")
	counters, times = map[string]float64{}, map[string]any{}
	given, _ := dig(a, "counters").(map[string]any)
	for name, n := range given {
		counters[strings.TrimPrefix(name, "engine.")] = number(n)
	}
	summaries, _ := dig(a, "summaries").(map[string]any)
	for name, s := range summaries {
		times[strings.TrimPrefix(name, "engine.")] = s
	}
	if first, ok := dig(a, "codes").(map[string]any); ok { // Artillery 1
		for code, n := range first {
			counters["http.codes."+code] = number(n)
		}
		errors, _ := dig(a, "errors").(map[string]any)
		for words, n := range errors {
			counters["errors."+words] = number(n)
		}
		counters["http.requests"], times["http.response_time"] = number(dig(a, "rps", "count")), dig(a, "latency")
	}
	return counters, times
}

var capitals = regexp.MustCompile(`^[A-Z0-9_]+$`)

func plainArtillery(text string) []plainRow {
	counters, times := plainArtilleryCounts(text)
	of := func(codes, errors, summary string, sent int64) plainRow {
		var answered, bad, unanswered, checks int64
		for name, n := range counters {
			code, isCode := strings.CutPrefix(name, codes)
			words, isError := strings.CutPrefix(name, errors)
			switch {
			case isCode:
				answered += int64(n)
				if code[0] != '2' && code[0] != '3' {
					bad += int64(n)
				}
			case isError && capitals.MatchString(words):
				unanswered += int64(n)
			case isError && strings.HasPrefix(words, "Failed "):
				checks += int64(n)
			}
		}
		unanswered = max(unanswered, sent-answered)
		p := plainRow{requests: answered + unanswered, failed: max(bad, checks) + unanswered}
		p.longest = number(dig(times[summary], "max"))
		p.quantiles = keyed(times[summary], 1, map[float64]string{0.5: "p50", 0.95: "p95", 0.99: "p99"})
		return p
	}
	const plugin = "plugins.metrics-by-endpoint."
	labels := map[string]bool{}
	for name := range counters {
		rest, ok := strings.CutPrefix(name, plugin)
		for _, what := range []string{".codes.", ".errors."} {
			if at := strings.Index(rest, what); ok && at >= 0 {
				labels[rest[:at]] = true
			}
		}
	}
	whole := of("http.codes.", "errors.", "http.response_time", int64(counters["http.requests"]))
	if len(labels) == 0 {
		return []plainRow{whole}
	}
	var rows []plainRow
	rest := plainRow{requests: whole.requests, failed: whole.failed}
	for label := range labels {
		p := of(plugin+label+".codes.", plugin+label+".errors.", plugin+"response_time."+label, 0)
		rest.requests, rest.failed = rest.requests-p.requests, rest.failed-p.failed
		rows = append(rows, p)
	}
	if rest.requests > 0 {
		rows = append(rows, rest)
	}
	return rows
}

func plainFortio(text string) []plainRow {
	v := parsed(text)
	p := plainRow{requests: int64(number(dig(v, "DurationHistogram", "Count"))), quantiles: map[float64]float64{}}
	all, bad := between(dig(v, "RetCodes"), func(n any) float64 { return number(n) })
	p.failed = min(bad, all)
	if p.failed > 0 {
		return []plainRow{p}
	}
	list, _ := dig(v, "DurationHistogram", "Percentiles").([]any)
	for _, q := range list {
		p.quantiles[number(dig(q, "Percentile"))/100] = number(dig(q, "Value")) * 1000
	}
	p.longest = number(dig(v, "DurationHistogram", "Max")) * 1000
	return []plainRow{p}
}

func plainOha(text string) []plainRow {
	v := parsed(text)
	p := plainRow{longest: number(dig(v, "summary", "slowest")) * 1000}
	p.quantiles = keyed(dig(v, "latencyPercentiles"), 1000, map[float64]string{0.5: "p50", 0.95: "p95"})
	p.requests, p.failed = between(dig(v, "statusCodeDistribution"), func(n any) float64 { return number(n) })
	causes, _ := dig(v, "errorDistribution").(map[string]any)
	for words, n := range causes {
		if words == "aborted due to deadline" {
			continue
		}
		p.requests, p.failed = p.requests+int64(number(n)), p.failed+int64(number(n))
	}
	return []plainRow{p}
}

// firstNumber is the number behind a text, where a document has it.
func firstNumber(text, behind string) int64 {
	m := regexp.MustCompile(behind + `\s*(\d+)`).FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	return int64(number(m[1]))
}

func plainWrk(text string) []plainRow {
	m := regexp.MustCompile(`(\d+) requests in`).FindStringSubmatch(text)
	late := firstNumber(text, "timeout")
	broken := firstNumber(text, "connect") + firstNumber(text, "read") + firstNumber(text, "write")
	requests := max(int64(number(m[1])), late) + broken
	failed := broken + late + firstNumber(text, "Non-2xx or 3xx responses:")
	return []plainRow{{requests: requests, failed: min(requests, failed)}}
}

func plainAutocannon(text string) []plainRow {
	v := parsed(text)
	bad, errors := int64(number(dig(v, "non2xx"))), int64(number(dig(v, "errors")))
	answers := max(int64(number(dig(v, "requests", "total"))), bad+int64(number(dig(v, "2xx"))))
	p := plainRow{requests: answers + errors, failed: bad + errors}
	if number(dig(v, "latency", "max")) > 0 {
		p.quantiles = keyed(dig(v, "latency"), 1, map[float64]string{0.5: "p50", 0.975: "p97_5"})
	}
	return []plainRow{p}
}

func plainBombardier(text string) []plainRow {
	if at := strings.Index(text, `{"spec"`); at >= 0 {
		return plainBombardierJSON(text[at:])
	}
	bad := firstNumber(text, "others -")
	for _, codes := range []string{"1xx -", "4xx -", "5xx -"} {
		bad += firstNumber(text, codes)
	}
	return []plainRow{{requests: bad + firstNumber(text, "2xx -") + firstNumber(text, "3xx -"), failed: bad}}
}

func plainBombardierJSON(text string) []plainRow {
	v := dig(parsed(text), "result")
	n := func(key string) int64 { return int64(number(dig(v, key))) }
	bad := n("req1xx") + n("req4xx") + n("req5xx") + n("others")
	p := plainRow{requests: bad + n("req2xx") + n("req3xx"), failed: bad,
		longest: number(dig(v, "latency", "max")) / 1000}
	p.quantiles = keyed(dig(v, "latency", "percentiles"), 0.001, map[float64]string{0.5: "50", 0.95: "95", 0.99: "99"})
	return []plainRow{p}
}

func plainAB(text string) []plainRow {
	length, bad := firstNumber(text, "Length:"), firstNumber(text, "Non-2xx responses:")
	failed := firstNumber(text, "Failed requests:") - length + max(length, bad)
	p := plainRow{failed: failed, quantiles: map[float64]float64{}}
	p.requests = firstNumber(text, "Complete requests:") + firstNumber(text, `\(Connect:`)
	for q, percent := range map[float64]string{0.5: "50%", 0.95: "95%", 0.99: "99%"} {
		if ms := firstNumber(text, percent); ms > 0 {
			p.quantiles[q] = float64(ms)
		}
	}
	return []plainRow{p}
}

func plainTaurus(text string) []plainRow {
	var root plainElement
	_ = xml.Unmarshal([]byte(text), &root)
	var rows []plainRow
	for _, g := range root.Inner {
		if g.XMLName.Local != "Group" || g.attr("label") == "" {
			continue
		}
		p := plainRow{quantiles: map[float64]float64{}}
		for _, e := range g.Inner {
			switch value := number(e.attr("value")); e.XMLName.Local {
			case "throughput":
				p.requests = int64(value)
			case "fail":
				p.failed = int64(value)
			case "perc":
				if q := number(e.attr("param")) / 100; q > 0 && q < 1 {
					p.quantiles[q] = 1000 * value
				}
			}
		}
		rows = append(rows, p)
	}
	return rows
}

func plainNBomber(text string) []plainRow {
	v := parsed(text)
	if inner := dig(v, "FinalStats"); inner != nil {
		v = inner
	}
	var rows []plainRow
	scenarios, _ := dig(v, "ScenarioStats").([]any)
	for _, s := range scenarios {
		steps, _ := dig(s, "StepStats").([]any)
		global := func(e any) bool { return dig(e, "StepName") == "global information" }
		steps = slices.DeleteFunc(slices.Clone(steps), global)
		if len(steps) == 0 {
			steps = []any{s}
		}
		for _, e := range steps {
			failed := int64(number(dig(e, "Fail", "Request", "Count")))
			rows = append(rows, plainRow{
				requests: failed + int64(number(dig(e, "Ok", "Request", "Count"))), failed: failed,
				quantiles: keyed(dig(e, "Ok", "Latency"), 1, map[float64]string{0.5: "Percent50", 0.95: "Percent95"}),
			})
		}
	}
	return rows
}

func plainStatistics(text string) []plainRow {
	all, _ := parsed(text).(map[string]any)
	var rows []plainRow
	for label, v := range all {
		if label != "Total" {
			rows = append(rows, plainRow{
				requests: int64(number(dig(v, "sampleCount"))), failed: int64(number(dig(v, "errorCount"))),
				quantiles: keyed(v, 1, map[float64]string{0.5: "medianResTime", 0.95: "pct2ResTime"}),
				longest:   number(dig(v, "maxResTime")),
			})
		}
	}
	return rows
}

func plainTable(text string) []plainRow {
	var rows []plainRow
	names := strings.NewReplacer("aggregate_report_", "", "%_line", "% Line", "sampler_label", "Label",
		"count,", "# Samples,", "error%", "Error %")
	for _, r := range table(names.Replace(text), ',') {
		if r["Label"] != "TOTAL" {
			n := number(r["# Samples"])
			p := plainRow{requests: int64(n), quantiles: map[float64]float64{}}
			p.failed = int64(number(strings.TrimSuffix(r["Error %"], "%"))/100*n + 0.5)
			if r["95% Line"] != "" {
				p.quantiles[0.95] = number(r["95% Line"])
			}
			rows = append(rows, p)
		}
	}
	return rows
}

func plainHgrm(text string) []plainRow {
	p := plainRow{failed: -1, quantiles: map[float64]float64{}}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 4 && fields[0][0] >= '0' && fields[0][0] <= '9' {
			p.requests = int64(number(fields[2]))
			if q := number(fields[1]); q > 0 && q < 1 {
				p.quantiles[q] = number(fields[0])
			}
		}
	}
	return []plainRow{p}
}
