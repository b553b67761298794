package importer_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// What older versions of a tool wrote is read, or named: it is no file without
// requests.
func TestOlderVersions(t *testing.T) {
	const step = `"OkCount":90,"FailCount":10,"Min":1,"Mean":2.5,"Max":9,"RPS":10,"Percent50":2,"Percent75":3,` +
		`"Percent95":5,"Percent99":8`
	for name, tt := range map[string]struct{ text, want string }{
		"nbomber, counts beside the times": {
			`{"ScenarioStats":[{"ScenarioName":"s","OkCount":190,"FailCount":10,"Duration":"00:01:00",` +
				`"StepStats":[{"StepName":"a",` + step + `},{"StepName":"b",` +
				strings.Replace(step, `"FailCount":10`, `"FailCount":0`, 1) + `}]}]}`,
			"a: 100 requests, 10 failed, p95 5ms\nb: 90 requests, 0 failed, p95 5ms"},
		"nbomber, without steps": {`{"ScenarioStats":[{"ScenarioName":"s","OkCount":0,"FailCount":10,"StepStats":[]}]}`,
			"s: 10 requests, 10 failed"},
		"jtl-xml, before 2.1": {`<testResults>` +
			`<sampleResult timeStamp="1795514400100" dataType="text" threadName="U 1-1" label="item" time="30" ` +
			`responseMessage="OK" responseCode="200" success="true">` +
			`<sampleResult timeStamp="1795514400110" threadName="U 1-1" label="a picture" time="10" ` +
			`responseMessage="OK" responseCode="200" success="true"/>` +
			`</sampleResult>` +
			`<sampleResult timeStamp="1795514401100" threadName="U 1-1" label="item" time="40" responseMessage="no" ` +
			`responseCode="503" success="false"/>` +
			`</testResults>`, "item: 2 requests, 1 failed, p95 30ms"},
		"jtl-xml, a controller before 2.1": {`<testResults>` +
			`<sampleResult timeStamp="1795514400100" threadName="U 1-1" label="shop" time="30" ` +
			`responseMessage="Number of samples in transaction : 1" success="true">` +
			`<sampleResult timeStamp="1795514400100" threadName="U 1-1" label="item" time="20" responseMessage="OK" ` +
			`responseCode="200" success="true"/>` +
			`</sampleResult></testResults>`, "item: 1 requests, 0 failed, p95 20ms"},
	} {
		if got := told(t, decode(t, tt.text, importer.Options{})); got != tt.want {
			t.Errorf("%s says\n%s\nwant\n%s", name, got, tt.want)
		}
	}
	_, err := importer.Decode(strings.NewReader(`<testResults><result t="1"/></testResults>`),
		"file", importer.Options{})
	if err == nil || !strings.Contains(err.Error(), "its elements are <result>, none is <httpSample> or <sample>") {
		t.Errorf("Decode = %v", err)
	}
}
