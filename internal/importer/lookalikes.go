package importer

import (
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/httpbench"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// lookalike is a kind of file that is not read, and what to give in its place.
type lookalike struct {
	match *regexp.Regexp // matches the beginning, or the keys of a document
	what  string
	give  string
}

// page matches a web page with a word in it.
func page(word string) *regexp.Regexp {
	return regexp.MustCompile(`(?is)^\s*(<!doctype html|<html).*` + word)
}

// magics are the first bytes of binary files.
var magics = []struct{ begins, what, give string }{
	{"PK\x03\x04", "a ZIP archive", "unpack it, and give the file within"},
	{"BZh", "packed with bzip2", "unpack it, or pack it with gzip"},
	{"\xfd7zXZ", "packed with xz", "unpack it, or pack it with gzip"},
	{"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it, or pack it with gzip"},
	{"7z\xbc\xaf", "a 7-Zip archive", "unpack it, and give the file within"},
	{"SQLite format 3", "a database of SQLite", "give what the tool measured"},
	{"%PDF", "a PDF", "give what the tool measured"},
	{"\x89PNG", "a picture", "give what the tool measured"},
	{"\xff\xd8\xff", "a picture", "give what the tool measured"},
}

// lookalikes are tried in order.
var lookalikes = []lookalike{
	{page(`gatling`), "Gatling's page for people", "give js/stats.json beside it, or simulation.log"},
	{page(`jmeter`), "JMeter's page for people", "give statistics.json beside it, or what jmeter -l wrote"},
	{page(`locust`), "Locust's page for people", "run Locust with --csv PREFIX, and give PREFIX_stats.csv"},
	{page(`artillery`), "Artillery's page for people", "give what artillery run --output wrote"},
	{page(`k6`), "k6's page for people", "run k6 with --out json=FILE"},
	{page(``), "a web page", "give the file that the tool wrote for programs"},
	{regexp.MustCompile(`<jmeterTestPlan`), "a test plan of JMeter", "run jmeter -n -t PLAN -l FILE, and give FILE"},
	{regexp.MustCompile(`<testsuites?[\s>]`), "a JUnit report", "it says what passed, not how long requests took"},
	{regexp.MustCompile(`<coverage[\s>]`), "a report of test coverage", "it says nothing of requests"},
	{regexp.MustCompile(`"lighthouseVersion"`), "a Lighthouse report", "it is of one page in a browser, not of a load"},
	{regexp.MustCompile(`loadgate\.verdict/`), "a verdict of loadgate", "give the result.json of that run"},
	{regexp.MustCompile(`(?s)"log".*("entries"|"creator")`), "a HAR recording", "loadgate init --har reads it"},
	{regexp.MustCompile(`("openapi"|"swagger")\s*:|(?m)^(openapi|swagger):`),
		"a description of an API", "loadgate init --openapi reads it"},
	{regexp.MustCompile(`(?m)^thresholds:`),
		"a file of limits", "give it with --thresholds, and name what was measured"},
	{regexp.MustCompile(`(?s)"results".*"statistics".*"counters"|(?s)"counters".*"statistics"`),
		"Nighthawk's own JSON", "run it with --output-format fortio"},
	{regexp.MustCompile(`"jmhVersion"`), "a report of JMH", "it is of functions, not of requests"},
	{regexp.MustCompile(`(?s)"benchmarks".*"machine_info"|"machine_info".*"benchmarks"|"context".*"benchmarks"`),
		"a report of benchmarks in code", "it is of functions, not of requests"},
	{regexp.MustCompile(`"_postman_id"`), "a collection of Postman", "it says what to send, not what was measured"},
	{regexp.MustCompile(`(?s)"collection".*"run".*"executions"`),
		"a report of Newman", "each of its requests was sent once: that is no load"},
	{regexp.MustCompile(`"latencyDistribution"`), "a report of ghz", "it is of gRPC, which is not read"},
	{regexp.MustCompile(`(?m)^(from locust import|import locust)`),
		"a locustfile", "run it with --csv PREFIX, and give PREFIX_stats.csv"},
	{regexp.MustCompile(`from ['"]k6(/http)?['"]`), "a script of k6", "run it with --out json=FILE, and give FILE"},
	{regexp.MustCompile(`(?ms)^config:.*^scenarios:`),
		"a script of Artillery", "run it with --output FILE, and give FILE"},
	{regexp.MustCompile(`(?m)^# (HELP|TYPE) \w+`), "a page of metrics", "resources: in thresholds.yaml can watch it"},
	{regexp.MustCompile(`(?m)^\s*(Type\s+)?Name\s+# reqs\s+# fails`),
		"what Locust prints for people", "run it with --csv PREFIX, and give PREFIX_stats.csv"},
	{regexp.MustCompile(`(?m)^(Fortio \S+ running at |# target \d+(\.\d+)?% |Code +-?\d+ : \d+)`),
		"what Fortio prints for people", "run fortio load with -json FILE, and give FILE"},
	{regexp.MustCompile(`(?m)^(Generate Summary Results )?summary\s*[=+]\s+\d+ in `),
		"what JMeter prints for people", "run jmeter -n -t PLAN -l FILE, and give FILE"},
	{httpbench.AutocannonTable,
		"what autocannon prints for people", "run it with --json, and give what it writes"},
	{regexp.MustCompile(`(?m)^(Summary report @|Metrics for period to:|http\.codes\.\d+: \.+)`),
		"what Artillery prints for people", "run it with --output FILE, and give FILE"},
	{regexp.MustCompile(`(?m)^-+ Global Information -+|^> request count +[\d,]+ \(OK=`),
		"what Gatling prints for people", "give simulation.log, or js/stats.json of its report"},
	{regexp.MustCompile(`^"?label"?,"?avg_ct"?,`),
		"Taurus's CSV", "write dump-xml: FILE in place of dump-csv under the module final-stats, and give FILE"},
	{regexp.MustCompile(`(?i)^"?[^",\n]+"?,"?# ?[^",\n]+"?,.*\b90 ?(%|e|\.)[^,\n]*,`),
		"JMeter's report in another language", "run JMeter with -Jlanguage=en, or give what jmeter -l wrote"},
	{regexp.MustCompile(`^"?Percentage served"?,"?Time in ms"?`),
		"what ab -e writes", "it counts no requests: give what ab prints"},
	{regexp.MustCompile(`^starttime\tseconds\tctime\tdtime\tttime\twait`),
		"what ab -g writes", "it does not say what failed: give what ab prints"},
	{regexp.MustCompile(`(?m)^Bucket\s+#\s+%\s+Histogram`),
		"what vegeta report -type=hist prints", "give the results, or vegeta report -type=json"},
	{regexp.MustCompile(`(?s)"simulationId".*"assertions"|"assertions".*"simulationId"`),
		"what Gatling's assertions found", "give js/stats.json of its report, or simulation.log"},
	{regexp.MustCompile(`(?s)"current_response_time_percentile|"safe_name"|"total_rps".*"user_count"|` +
		`"user_count".*"total_rps"`),
		"what Locust's web page shows (/stats/requests)", "run Locust with --csv PREFIX, and give PREFIX_stats.csv"},
	{regexp.MustCompile(`"intermediate"`),
		"a report of Artillery without the aggregate of the whole run",
		"let the run end, and give what artillery run --output wrote"},
	{regexp.MustCompile(`(?m)^Median time per request\s|^Concurrency \d+\nIterations \d+`),
		"what drill prints", "it is not read; loadgate check --help lists what is"},
	{regexp.MustCompile(`(?s)"summary".*"elapsed".*"statistics"|"statistics".*"summary".*"elapsed"`),
		"plow's JSON", "it is not read; loadgate check --help lists what is"},
	{regexp.MustCompile(`(?m)^Benchmarking https?://.* using \d+ connection`),
		"what plow prints", "it is not read; loadgate check --help lists what is"},
	{regexp.MustCompile(`(?s)"tcp_connect".*"server_processing"|"server_processing".*"tcp_connect"`),
		"cassowary's JSON", "it is not read; loadgate check --help lists what is"},
	{regexp.MustCompile(`(?m)^\s*TCP Connect\.+:`),
		"what cassowary prints", "it is not read; loadgate check --help lists what is"},
	{regexp.MustCompile(`(?m)^\s*http_req_duration\.+:|█ (TOTAL RESULTS|THRESHOLDS)|^\s*execution: (local|cloud)\b`),
		"what k6 prints for people", "run it with --out json=FILE, or --summary-export FILE"},
	{regexp.MustCompile(`(?s)Response time histogram:`),
		"what hey or oha prints for people", "run hey with -o csv, oha with --output-format json"},
	{regexp.MustCompile(`Requests\s+\[total, rate`),
		"what Vegeta prints for people", "give the results, or vegeta report -type=json"},
	{regexp.MustCompile(`(?m)^Transactions:\s|"transaction_rate"`),
		"what Siege writes", "it has no percentiles, and is not read"},
	{regexp.MustCompile(`(?m)^finished in .*req/s`), "what h2load prints", "it has no percentiles, and is not read"},
	{regexp.MustCompile(`^\S+ \S+ \S+ \[[^\]]+\] "[A-Z]+ `), "an access log of a web server", "it is not read"},
	{regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARN|ERROR) o\.a\.j\.`),
		"JMeter's log", "give what jmeter -l wrote"},
}

// likeness is a clause about what a file looks like; empty: nothing known. Certain: the
// clause names the file, and what to give in its place.
func likeness(head, keys string) (like string, certain bool) {
	for _, m := range magics {
		if strings.HasPrefix(head, m.begins) {
			return "this is " + m.what + ": " + m.give, true
		}
	}
	for _, l := range lookalikes {
		if l.match.MatchString(head) || keys != "" && l.match.MatchString(keys) {
			return "this is " + l.what + ": " + l.give, true
		}
	}
	if strings.ContainsRune(head, 0) {
		return "this is not text, it contains zero bytes: fetch the file again, or give what the tool wrote for " +
				"programs",
			true
	}
	line := strings.TrimSpace(textfile.FirstLine(head))
	for _, comma := range []string{",", ";", "\t"} {
		columns := strings.Split(line, comma)
		if len(columns) > 2 && len(line) < 400 && !strings.ContainsAny(line, "{}<>") {
			return "this is a table whose first columns are " + strings.Join(columns[:3], ", "), false
		}
	}
	if found := outlineKey.FindAllStringSubmatch(keys, 4); found != nil {
		var names []string
		for _, m := range found {
			names = append(names, m[1])
		}
		return "this is JSON whose first keys are " + strings.Join(names, ", "), false
	}
	return "", false
}

var outlineKey = regexp.MustCompile(`"(\w[^"]{0,40})": `)
