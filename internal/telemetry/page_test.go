package telemetry_test

import (
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/telemetry"
)

// A page has the same numbers in both forms, and its native buckets are those that are pushed.
func TestPage(t *testing.T) {
	p, r := planned(t)
	m := telemetry.New(p, r, []telemetry.Attribute{{Key: "9 lives", Value: "\"\n\\"},
		{Key: "key_9.lives", Value: "the same name, later"}, {Key: "__name__", Value: "not of a label"}})
	times := []time.Duration{0, 5 * time.Millisecond, 5 * time.Millisecond, 300 * time.Millisecond, time.Minute}
	add(t, m, second(10, 1, result.Slot{Requests: 5, Latency: latencies(times...)}))
	pushed := pointOf(decode(t, m, began, telemetry.Cumulative), items)
	const binary = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
	for _, accept := range []string{"", "*/*", "text/plain", binary + ";q=0.9,text/plain;q=0.5", binary} {
		var page strings.Builder
		kind := ""
		if err := m.Page(accept, func(k string) io.Writer { kind = k; return &page }); err != nil {
			t.Fatal(err)
		}
		isBinary := strings.HasPrefix(kind, "application/vnd.google.protobuf")
		if isBinary != strings.HasPrefix(accept, binary) {
			t.Errorf("Accept %q gives %q", accept, kind)
		}
		decoder := expfmt.NewDecoder(strings.NewReader(page.String()), expfmt.Format(kind))
		families := map[string]*dto.MetricFamily{}
		for {
			var f dto.MetricFamily
			err := decoder.Decode(&f)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("Accept %q: %v", accept, err)
			}
			families[f.GetName()] = &f
		}
		seen := map[string]bool{}
		for _, l := range families["target_info"].Metric[0].Label {
			name := l.GetName()
			if !model.LegacyValidation.IsValidLabelName(name) || strings.HasPrefix(name, "__") || seen[name] {
				t.Errorf("label %q, there already: %v", name, seen[name])
			}
			seen[name] = true
		}
		var h *dto.Histogram
		for _, s := range families["http_client_request_duration_seconds"].Metric {
			if len(s.Label) == 4 && s.Label[1].GetValue() == "/items" || s.Label[3].GetValue() == "/items" {
				h = s.Histogram
			}
		}
		var below []uint64
		for _, b := range h.GetBucket()[:14] {
			below = append(below, b.GetCumulativeCount())
		}
		// A bucket of loadgate's that reaches beyond a bound is above it.
		if diff := cmp.Diff([]uint64{1, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4}, below); diff != "" {
			t.Errorf("Accept %q: plain buckets (-want +got):\n%s", accept, diff)
		}
		if h.GetSampleCount() != 5 || math.Abs(h.GetSampleSum()-60.31) > 1e-9 {
			t.Errorf("Accept %q: %d, %v", accept, h.GetSampleCount(), h.GetSampleSum())
		}
		if !strings.HasPrefix(accept, binary) {
			continue
		}
		if h.GetSchema() != 7 || h.GetZeroCount() != 0 {
			t.Errorf("schema %d, %d at 0", h.GetSchema(), h.GetZeroCount())
		}
		native, want := map[int]uint64{}, map[int]uint64{}
		number, count, at := 0, int64(0), 0
		for _, span := range h.PositiveSpan {
			number += int(span.GetOffset())
			for range span.GetLength() {
				count += h.PositiveDelta[at]
				native[number-1] = uint64(count) // bucket i of OpenTelemetry is i+1 of Prometheus
				number, at = number+1, at+1
			}
		}
		collect(want, pushed)
		if diff := cmp.Diff(want, native); diff != "" {
			t.Errorf("native buckets (-pushed +page):\n%s", diff)
		}
	}
}

// Names of strangers stay one line of valid text.
func TestHostileNames(t *testing.T) {
	p, r := planned(t)
	r.Endpoints[1].Name = "GET /\xff\x1b[2J" + strings.Repeat("a", 300)
	extra := []telemetry.Attribute{{Key: "a\xff\n", Value: "\xfe\x1b"}}
	message := decode(t, telemetry.New(p, r, extra), began, telemetry.Cumulative)
	if a := message.Resource.Attributes; a[len(a)-1].Key != "a� " || a[len(a)-1].Value.GetStringValue() != "��" {
		t.Errorf("attribute %v", a[len(a)-1])
	}
	got := lines(message)
	if line := got[1]; strings.ContainsAny(line, "\x1b\n") || !strings.Contains(line, "/��[2Jaaa") ||
		len(line) > 350 {
		t.Errorf("%q", line)
	}
}
