package importer_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// Versions 2.0 and 2.1 of Gatling wrote four times of a request.
func TestOldGatlingLogs(t *testing.T) {
	const times = "\t1795514400000\t1795514400001\t1795514400099\t1795514400100\t"
	for name, text := range map[string]string{
		"2.0": "shop.Simulation\tshop\tRUN\t20261124100000\t " +
			"\t2.0\nBuyers\t1\tUSER\tSTART\t1795514400000\nBuyers\t1\tREQUEST\t\titem" + times + "OK\t \n" +
			"Buyers\t2\tREQUEST\tgroup\titem" + times + "KO\tstatus.find.is(200), but actually found 503\n",
		"2.1": "RUN\tshop.Simulation\tshop\t1795514400000\t \t2.1\nREQUEST\tBuyers\t1\t\titem" + times + "OK\t \n" +
			"REQUEST\tBuyers\t2\tgroup\titem" + times + "KO\tstatus.find.is(200), but actually found 503\n",
	} {
		if got := told(t, decode(t, text, importer.Options{})); got != "item: 2 requests, 1 failed, p95 100ms" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// JMeter writes its tables in the language of its user.
func TestJMeterTablesOfOtherLanguages(t *testing.T) {
	const english = "Label,# Samples,Average,Median,90% Line,95% Line,99% Line,Min,Maximum,Error %,Throughput\n" +
		"item,200,20,18,30,40,60,2,100,12.50%,33.3/sec\nTOTAL,200,20,18,30,40,60,2,100,12.50%,33.3/sec\n"
	want := decode(t, english, importer.Options{})
	commas := strings.NewReplacer("12.50%", `"12,50%"`, "33.3/sec", `"33,3/sec"`).Replace(english)
	_, rows, _ := strings.Cut(commas, "\n")
	for name, text := range map[string]string{
		"decimal commas": commas,
		"French": "Libellé,# Echantillons,Moyenne,Médiane,90e centile,95e centile,99e centile,Min,Max,% " +
			"Erreur,Débit\n" + rows,
	} {
		r := decode(t, text, importer.Options{})
		if told(t, r) != told(t, want) || r.Elapsed != want.Elapsed {
			t.Errorf("%s: it says %s in %s, want %s in %s", name, told(t, r), r.Elapsed, told(t, want), want.Elapsed)
		}
	}
}

// Dates are refused with what to save, with and without a head.
func TestJTLDates(t *testing.T) {
	row := "2026/11/24 10:00:00.123,10,item,200,OK,T 1-1,text,true,,1,1,1,1,null,1,0,0\n"
	for line, text := range map[string]string{"line 1": row, "line 2": jtlHead + row} {
		_, err := importer.Decode(strings.NewReader(text), "file", importer.Options{})
		want := "read file as jtl: " + line +
			`: timeStamp "2026/11/24 10:00:00.123" is not a whole number of milliseconds: save times as ms`
		if err == nil || err.Error() != want {
			t.Errorf("Decode = %v, want %s", err, want)
		}
	}
}
