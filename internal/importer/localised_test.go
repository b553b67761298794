package importer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/importer"
)

// A table says the same in every country that it was printed in.
func TestNumbersOfCountries(t *testing.T) {
	const head = "Label,# Samples,Average,Median,90% Line,95% Line,99% Line,Min,Max,Error %,Throughput\n"
	for name, in := range map[string]struct{ thousand, point string }{
		"no marks": {"", "."}, "English": {",", "."}, "German": {".", ","}, "French": {"\u202f", ","},
		"older French": {"\u00a0", ","}, "Swiss": {"’", "."}, "Swiss, typed": {"'", "."}, "with blanks": {" ", ","},
	} {
		large := strings.NewReplacer("_", in.thousand, ".", in.point).Replace
		row := large(`,"1_200_000","1_234","1_100","8_000","9_125","15_000",1,"20_000","0.500%","2_400.5/sec"` + "\n")
		e := decode(t, head+"Home"+row+"TOTAL"+row, importer.Options{})
		s := e.Endpoints[0].Summary
		late, _ := s.Quantile(0.95)
		got := fmt.Sprint(s.Requests, *s.Failed, late.Value, s.Max.Value, s.Mean.Value, e.Elapsed.Round(time.Second))
		if want := "1200000 6000 9.125s 20s 1.234s 8m20s"; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Where a number may be a thousand times another, neither is taken.
func TestNumbersInTwoWays(t *testing.T) {
	const head = "Label,# Samples,Average,95% Line,Max,Error %,Throughput\n"
	for row, want := range map[string]string{
		`a,100,"1,234",5,6,0%,1`: `line 2: Average: "1,234" may be 1234 or 1.234: save it without a mark of ` +
			`thousands`,
		`a,100,12,"9.125",6,0%,1`:     `line 2: 95% Line: "9.125" may be 9125 or 9.125: save it without`,
		`a,100,"12,5",9,6,0.50%,1`:    `line 2: Average: "12,5" has another decimal mark than the rest of the file`,
		`a,"1,00",5,5,6,0.00%,1`:      "",
		`a,"1,0000",5,5,6,0.00%,1`:    `line 2: "1,0000" is not a count of samples`,
		`a,"1,000.5",5,5,6,0.00%,1`:   `line 2: "1,000.5" is not a count of samples`,
		`a,100,5,"1.2,3",6,"0,00%",1`: `line 2: 95% Line: "1.2,3" is not a number`,
	} {
		_, err := importer.Decode(strings.NewReader(head+row+"\n"), "file", importer.Options{})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %s", row, err, want)
		}
	}
}

// Gatling printed counts and rates in the way of its user's country.
func TestGatlingInCountries(t *testing.T) {
	for name, marks := range map[string]*strings.Replacer{
		"English": strings.NewReplacer("_", ","), "German": strings.NewReplacer("_", ".", ".", ","),
		"French": strings.NewReplacer("_", "\u00a0", ".", ","), "plain": strings.NewReplacer("_", ""),
	} {
		text := `{"type":"GROUP","name":"All","stats":{"numberOfRequests":{"total":"#1_500","ok":"#1_496","ko":"#4"},` +
			`"meanNumberOfRequestsPerSecond":{"total":"#12.5","ok":"-","ko":"-"}},"contents":{"a":{"type":"REQUEST",` +
			`"name":"a","stats":{"numberOfRequests":{"total":"#1_500","ok":"#1_496","ko":"#4"},` +
			`"percentiles3":{"total":"#2_250","ok":"#2_100","ko":"#9_000"}}}}}`
		for _, number := range []string{"1_500", "1_496", "2_100", "2_250", "9_000", "12.5"} {
			text = strings.ReplaceAll(text, `"#`+number+`"`, `"  `+marks.Replace(number)+`"`)
		}
		r := decode(t, strings.ReplaceAll(text, "#", ""), importer.Options{})
		if got := told(t, r); got != "a: 1500 requests, 4 failed, p95 2.1s" || r.Elapsed != 2*time.Minute {
			t.Errorf("%s: %s in %s", name, got, r.Elapsed)
		}
	}
}

// What tools print without marks is refused with them, and never read in part.
func TestMarkedCountsAreNotCut(t *testing.T) {
	wrkBad := strings.Replace(wrk2, "3xx responses: 1", "3xx responses: 1,000", 1)
	k6 := `{"aggregate":{"counters":{"http.requests":"1.000","http.codes.200":"1.000"}}}`
	for name, text := range map[string]string{"wrk": wrkBad, "artillery": k6} {
		r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{Format: name})
		if err == nil {
			t.Errorf("%s is read as %s", name, told(t, r))
		}
	}
}
