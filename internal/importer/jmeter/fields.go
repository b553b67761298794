package jmeter

import (
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
)

// fields are what a form of JMeter's results calls the numbers of a sample.
type fields struct{ begun, elapsed, status, received, sent string }

var (
	csvFields = fields{"timeStamp", "elapsed", "responseCode", "bytes", "sentBytes"}
	xmlFields = fields{"ts", "t", "rc", "by", "sby"}
)

// sample reads the numbers of a sample.
func (f fields) sample(get func(name string) string) (collect.Sample, error) {
	begun, err := numeral.Milliseconds(f.begun, get(f.begun))
	if err != nil {
		return collect.Sample{}, err
	}
	elapsed, err := numeral.Milliseconds(f.elapsed, get(f.elapsed))
	if err != nil {
		return collect.Sample{}, err
	}
	status, _ := strconv.Atoi(get(f.status))                 // else it is a cause in words
	received, _ := strconv.ParseInt(get(f.received), 10, 64) // absent: 0
	sent, _ := strconv.ParseInt(get(f.sent), 10, 64)
	return collect.Sample{
		Latency: time.Duration(elapsed) * time.Millisecond, Ended: time.UnixMilli(begun + elapsed),
		Status: status, Received: received, Sent: sent,
	}, nil
}
