package result_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
)

// written is the line that a journal has for a slice.
func written(tb rapid.TB, s *result.Slice) []byte {
	tb.Helper()
	var lines bytes.Buffer
	j := result.NewJournal(&lines, empty(whole))
	lines.Reset()
	j.Slice(s)
	if err := j.End(result.Complete); err != nil {
		tb.Fatal(err)
	}
	line, _, _ := bytes.Cut(lines.Bytes(), []byte("\n"))
	return append(line, '\n')
}

// sameSlice fails where the quick reading of a line is another than that of encoding/json, and says whether there was
// a quick one.
func sameSlice(tb rapid.TB, text []byte) (proven, quick bool) {
	tb.Helper()
	got, proven, quick := result.ReadSlice(text)
	if !quick {
		return false, false
	}
	want, err := result.SliceByJSON(text)
	if err != nil || !reflect.DeepEqual(got, want) {
		tb.Fatalf("%s\nis quickly read as %+v,\nby encoding/json as %+v, %v", text, got, want, err)
	}
	if proven {
		if err := result.Proven(got); err != nil {
			tb.Fatalf("%s\nis proven, but: %v", text, err)
		}
	}
	return proven, true
}

// Every field of a slice, those that will be added too, is read quickly.
func TestEveryFieldIsReadQuickly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, all := range []bool{true, false} {
			var s result.Slice
			fill(t, reflect.ValueOf(&s).Elem(), all)
			line := written(t, &s)
			if _, quick := sameSlice(t, line); !quick {
				t.Fatalf("only encoding/json reads what Journal writes: %s", line)
			}
		}
	})
}

// fill gives values to all fields, or to some of them.
func fill(t *rapid.T, v reflect.Value, all bool) {
	draw := func(n int64) int64 { return rapid.Int64Range(1, n).Draw(t, "number") }
	switch v.Interface().(type) {
	case hist.Sparse:
		v.Set(reflect.ValueOf(of(rapid.SliceOfN(rapid.Int64Range(0, 1e12), 1, 9).Draw(t, "durations"))))
		return
	case metric.Failure:
		v.Set(reflect.ValueOf(rapid.SampledFrom(metric.Failures()).Draw(t, "failure")))
		return
	case metric.Cause:
		v.Set(reflect.ValueOf(metric.LargeHead))
		return
	case trace.ID:
		v.Set(reflect.ValueOf(trace.ID{1, byte(draw(255))}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			needed := all || v.Field(i).Type() == reflect.TypeFor[trace.ID]() // that is never empty
			if needed || rapid.Bool().Draw(t, "has "+v.Type().Field(i).Name) {
				fill(t, v.Field(i), all)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), all)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), int(draw(3)), 3))
		for i := range v.Len() {
			fill(t, v.Index(i), all)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range draw(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key, true)
			fill(t, value, true)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(rapid.StringN(1, 9, -1).Draw(t, "text") + `{"\`)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(draw(1 << 31))
		if v.Int() == 1<<31 {
			v.SetInt(1<<31 - 1)
		}
	case reflect.Int64:
		v.SetInt(draw(1e18 - 1))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(1e-9, 1e9).Draw(t, "float"))
	default:
		t.Fatalf("%s is new in a slice: fill it here, and see that it is read quickly", v.Type())
	}
}

// of folds durations, in nanoseconds.
func of(durations []int64) hist.Sparse {
	var l hist.Latency
	for _, d := range durations {
		l.Record(time.Duration(d))
	}
	return l.Sparse()
}

// What was measured is read quickly, and need not be checked again.
func TestMeasuredSlicesAreProven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range anyTape(3).Draw(t, "tape").slices() {
			line := written(t, s)
			if proven, quick := sameSlice(t, line); !proven || !quick {
				t.Fatalf("read quickly: %t, proven: %t: %s", quick, proven, line)
			}
		}
	})
}

// plainLine is a line with a slot whose counts agree.
const plainLine = `{"slice":{"moment":{"slot":3,"users":2},"endpoints":[{"index":0,"slot":{"slot":3,"requests":2,` +
	`"failed":{"status":2},"received_bytes":7,"repeats":1,"phases":{"dns_ns":1,"body_ns":2}}}],"drain":true}}`

// otherLines are what Journal does not write, and what the plain line becomes by it.
var otherLines = map[string][2]string{
	"a space":            {`"users":2`, `"users": 2`},
	"another order":      {`"slot":3,"users":2`, `"users":2,"slot":3`},
	"a key twice":        {`"users":2`, `"users":2,"users":3`},
	"a kind of old":      {`"users"`, `"Users"`},
	"an unknown key":     {`"drain":true`, `"drain":true,"new":1`},
	"a missing key":      {`,"users":2`, ``},
	"a float":            {`"users":2`, `"users":2.0`},
	"an exponent":        {`"users":2`, `"users":2e0`},
	"a leading zero":     {`"users":2`, `"users":02`},
	"a negative count":   {`"users":2`, `"users":-2`},
	"a large count":      {`"received_bytes":7`, `"received_bytes":9999999999999999999`},
	"a large int":        {`"users":2`, `"users":2147483648`},
	"null":               {`"users":2`, `"users":null`},
	"false":              {`"drain":true`, `"drain":false`},
	"an escape":          {`"status"`, `"st\u0061tus"`},
	"an unknown kind":    {`"status"`, `"slow"`},
	"no kind":            {`{"status":2}`, `{}`},
	"an empty string":    {`"users":2`, `"users":2,"lag":""`},
	"a line break":       {`"users":2`, `"users":2,"lag":"AAAA` + "\n" + `AegH"`},
	"a carriage":         {`"users":2`, `"users":2,"lag":"AAAA` + "\r" + `AegH"`},
	"no list":            {`"drain"`, `"readings":null,"drain"`},
	"a list without end": {`"drain"`, `"readings":[{"index":0,"drain"`},
	"many levels": {`"drain":true`, // each list is not too deep for encoding/json, the line is
		`"drain":true,"addresses":[{"new":` + strings.Repeat("[", 9_998) + strings.Repeat("]", 9_998) + `}]`},
	"a damaged histogram": {`"users":2`, `"users":2,"lag":"AAAAAQ"`},
	"text behind":         {`"drain":true}}`, `"drain":true}}{}`},
	"a comma behind":      {`}}}],`, `}},}],`},
	"a phase first":       {`{"dns_ns":1,`, `{,"dns_ns":1,`},
	"phases out of order": {`"dns_ns":1,"body_ns":2`, `"body_ns":2,"dns_ns":1`},
	"two fields":          {`}}`, `},"end":"complete"}`},
}

func TestOtherLinesAreNotReadQuickly(t *testing.T) {
	if proven, quick := sameSlice(t, []byte(plainLine)); !proven || !quick {
		t.Fatalf("the plain line is read quickly: %t, proven: %t", quick, proven)
	}
	for name, change := range otherLines {
		text := plainLine
		at := strings.LastIndex(text, change[0])
		if at < 0 {
			t.Fatalf("%s: the plain line has no %s", name, change[0])
		}
		text = text[:at] + change[1] + text[at+len(change[0]):]
		if _, _, quick := result.ReadSlice([]byte(text)); quick {
			t.Errorf("%s: read quickly: %s", name, text)
		}
	}
}

// Slices whose counts contradict each other, or cannot be, are read and not proven.
func TestContradictionsAreNotProven(t *testing.T) {
	lag := `"latency":"AAAAAegH"`
	for name, change := range map[string][2]string{
		"requests":      {`"requests":2`, `"requests":3`},
		"latencies":     {`"received_bytes"`, lag + `,"received_bytes"`},
		"from the send": {`"received_bytes"`, strings.Replace(lag, "latency", "from_send", 1) + `,"received_bytes"`},
		"first bytes":   {`"received_bytes"`, strings.Replace(lag, "latency", "first_byte", 1) + `,"received_bytes"`},
		"failed latencies": {`"failed":{"status":2},`,
			lag + "," + strings.Replace(lag, "latency", "failed_latency", 1) + ","},
		"a count":       {`"received_bytes":7`, `"received_bytes":99999999999999999`},
		"repeats":       {`"repeats":1`, `"repeats":3`},
		"not sent":      {`"status":2`, `"expression":2`},
		"dropped":       {`"users":2`, `"users":2,"offered":1,"dropped":2`},
		"the generator": {`"users":2`, `"users":2,"generator":{"wakes":1,"late_wakes":2}`},
		"an address":    {`"drain":true`, `"drain":true,"addresses":[{"address":"","requests":1}]`},
	} {
		text := replaced(t, plainLine, change[0], change[1])
		if proven, quick := sameSlice(t, []byte(text)); proven || !quick {
			t.Errorf("%s: read quickly: %t, proven: %t: %s", name, quick, proven, text)
		}
	}
}

// No line panics, and what is read quickly is what encoding/json reads.
func FuzzReadSlice(f *testing.F) {
	f.Add([]byte(plainLine))
	for _, change := range otherLines {
		f.Add([]byte(strings.Replace(plainLine, change[0], change[1], 1)))
	}
	for _, s := range small().slices() {
		f.Add(written(f, s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		sameSlice(t, text)
		if !bytes.Equal(text, before) {
			t.Fatal("the text has changed")
		}
		_, want := result.SliceByJSON(text)
		if _, err := result.ReadLine(text); (err == nil) != (want == nil) {
			t.Fatalf("ReadLine says %v, encoding/json %v", err, want)
		}
	})
}
