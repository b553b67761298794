package importer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/metric"
)

// run reads files, by their names, as one run.
func run(t *testing.T, files ...[2]string) (string, error) {
	t.Helper()
	im := importer.New(importer.Options{})
	for _, f := range files {
		if err := im.Add(strings.NewReader(f[1]), f[0]); err != nil {
			return "", err
		}
	}
	r, err := im.Result()
	if err != nil {
		return "", err
	}
	return told(t, r), nil
}

const (
	oldRequests = `"Method","Name","# requests","# failures","Median response time","Average response time","Min response time","Max response time","Average Content Size","Requests/s"
"GET","/",90,10,4,3,2,60,1227,0.89
"POST","/items",0,56,0,0,0,0,0,0.00
"None","Total",90,66,4,3,2,60,1227,0.89
`
	oldDistribution = `"Name","# requests","50%","66%","75%","80%","90%","95%","98%","99%","100%"
"GET /",90,4,4,5,5,6,12,30,50,60
"POST /items",0,"N/A","N/A","N/A","N/A","N/A","N/A","N/A","N/A","N/A"
"None Total",90,4,4,5,5,6,12,30,50,60
`
)

// Locust before 0.14 writes requests and percentiles apart, and does not count
// what failed among the requests.
func TestOldLocust(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files [][2]string
		want  string
	}{
		{"with its distribution", [][2]string{{"r_requests.csv", oldRequests}, {"r_distribution.csv", oldDistribution}},
			"GET /: 100 requests, 10 failed, p95 12ms\nPOST /items: 56 requests, 56 failed"},
		{"without", [][2]string{{"r_requests.csv", oldRequests}},
			"GET /: 100 requests, 10 failed\nPOST /items: 56 requests, 56 failed"},
		{"counted among the requests", [][2]string{{"r_requests.csv", strings.NewReplacer(
			`"Requests/s"`, `"Requests/s","Requests Failed/s"`, "0.89", "0.89,0.1",
			"0.00", "0.00,0.5", `"/items",0`, `"/items",56`, "90,66", "146,66").Replace(oldRequests)}},
			"GET /: 90 requests, 10 failed\nPOST /items: 56 requests, 56 failed"},
		{"of 0.14",
			[][2]string{{"r_stats.csv",
				`"Type","Name","# requests","# failures","Average response time","Requests/s","Requests Failed/s",` +
					`"50%","95%"` +
					"\n\"GET\",\"/\",100,10,3,1.0,0.1,4,12\n\"\",\"Aggregated\",100,10,3,1.0,0.1,4,12\n"}},
			"GET /: 100 requests, 10 failed, p95 12ms"},
	} {
		if got, err := run(t, tt.files...); err != nil || got != tt.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.name, err, got, tt.want)
		}
	}
}

// What Locust's own words say of a failure decides its kind: a script that did not accept an answer got one.
func TestFailuresOfLocust(t *testing.T) {
	for words, want := range map[string]metric.Failure{
		`CatchResponseError('Got wrong response')`:           metric.Expectation,
		`AssertionError('x')`:                                metric.Expectation,
		`'Login failed 503'`:                                 metric.Expectation,
		`no tutor in the list`:                               metric.Expectation,
		`HTTPError('503 Server Error: x')`:                   metric.Status,
		`ConnectionRefusedError(111, 'Connection refused')`:  metric.Refused,
		`RemoteDisconnected('Remote end closed connection')`: metric.Reset,
		`ReadTimeout(ReadTimeoutError('Read timed out.'))`:   metric.Timeout,
		`requests.exceptions.ChunkedEncodingError('broken')`: metric.Reset,
	} {
		im := importer.New(importer.Options{})
		for _, f := range [][2]string{
			{"r_stats.csv", locustHead + "GET,/,100,10,3,1,4,12\n"},
			{"r_failures.csv", "Method,Name,Error,Occurrences\nGET,/,\"" + words + "\",10\n"},
		} {
			if err := im.Add(strings.NewReader(f[1]), f[0]); err != nil {
				t.Fatal(err)
			}
		}
		r, err := im.Result()
		if err != nil {
			t.Fatal(err)
		}
		if found := r.Endpoints[0].Failures; len(found) != 1 || found[0].Kind != want || found[0].Count != 10 {
			t.Errorf("%s: %+v, want 10 of %v", words, found, want)
		}
	}
}

// A file that stands beside another says nothing alone, and nothing twice.
func TestBeside(t *testing.T) {
	failures := "Method,Name,Error,Occurrences\nGET,/,HTTPError('503 Server Error: x'),10\n"
	for name, tt := range map[string]struct{ text, want string }{
		"a/r_failures.csv": {failures, "give a/r_stats.csv, with which it is read"},
		"r_stats_history.csv": {"Timestamp,User Count,Type,Name,Requests/s\n1700000000,5,,Aggregated,1\n",
			"give r_stats.csv,"},
		"r_exceptions.csv":    {"Count,Message,Traceback,Nodes\n", "give r_stats.csv,"},
		"r_distribution.csv":  {oldDistribution, "give r_requests.csv,"},
		"o_stats_history.csv": {oldHistory, "give o_stats.csv,"},
		"failures.csv":        {failures, "Locust writes it with PREFIX_stats.csv"},
	} {
		if _, err := run(t, [2]string{name, tt.text}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s alone: %v, want %s", name, err, tt.want)
		}
	}
	im := importer.New(importer.Options{})
	for _, f := range [][2]string{
		{"r_stats.csv", locustHead + "GET,/,100,10,3,1,4,12\n"},
		{"r_failures.csv", failures}, {"r_failures.csv", failures},
	} {
		if err := im.Add(strings.NewReader(f[1]), f[0]); err != nil {
			t.Fatal(err)
		}
	}
	r, err := im.Result()
	if err != nil {
		t.Fatal(err)
	}
	if found := r.Endpoints[0].Failures; len(found) != 1 || found[0].Count != 10 || found[0].Status != 503 {
		t.Errorf("failures %+v, want 10 of status 503", found)
	}
}

// oldHistory is that of Locust 0.14, which has no users in it.
const oldHistory = "\"Type\",\"Name\",\"Timestamp\",\"# " +
	"requests\"\n\"GET\",\"/\",1700000000,10\n\"GET\",\"/\",1700000090,100\n"

// The history of an old version says when the run began, and how long it took.
func TestOldHistory(t *testing.T) {
	im := importer.New(importer.Options{})
	for _, f := range [][2]string{
		{"o_stats.csv", "\"Type\",\"Name\",\"# requests\",\"# failures\",\"Requests " +
			"Failed/s\",\"95%\"\n\"GET\",\"/\",100,10,0,12\n"},
		{"o_stats_history.csv", oldHistory},
	} {
		if err := im.Add(strings.NewReader(f[1]), f[0]); err != nil {
			t.Fatal(err)
		}
	}
	r, err := im.Result()
	if err != nil || r.Started.Unix() != 1700000000 || r.Elapsed != 90*time.Second {
		t.Errorf("it began %s and took %s: %v", r.Started, r.Elapsed, err)
	}
}
