package bench_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/importer"
)

// corpus is a file that another tool wrote, unpacked.
func corpus(b *testing.B, name string) []byte {
	b.Helper()
	file, err := os.Open(filepath.Join("..", "testdata", "corpus", name))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			b.Fatal(err)
		}
	}
	text, err := io.ReadAll(in)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// jtl is what JMeter writes of a service with 20 endpoints.
func jtl() []byte {
	var text bytes.Buffer
	text.WriteString("timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success," +
		"failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n")
	begin := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).UnixMilli()
	for i := range 4000 {
		fmt.Fprintf(&text,
			"%d,%d,items %d,200,OK,Users 1-%d,text,true,,1802,133,20,20,http://127.0.0.1:8080/items/%d,%d,0,1\n",
			begin+int64(i), 20+i%37, i%20, i%50, i%20, 18+i%37)
	}
	return text.Bytes()
}

// BenchmarkImport reads files of other tools again and again as one long file.
func BenchmarkImport(b *testing.B) {
	for _, one := range []struct {
		format string
		head   int // lines that stand at the beginning alone
		text   []byte
	}{
		{"k6-json", 0, corpus(b, "k6/points.json.gz")},
		{"k6-csv", 1, corpus(b, "k6/points.csv.gz")},
		{"vegeta-json", 0, corpus(b, "vegeta/results.json")},
		{"vegeta-csv", 0, corpus(b, "vegeta/results.csv")},
		{"jtl", 1, jtl()},
	} {
		b.Run(one.format, func(b *testing.B) {
			head, body := []byte(nil), one.text
			for range one.head {
				line := bytes.IndexByte(body, '\n') + 1
				head, body = append(head, body[:line]...), body[line:]
			}
			const size = 16 << 20
			times := size/len(body) + 1
			b.SetBytes(int64(times * len(body)))
			b.ReportAllocs()
			for b.Loop() {
				parts := []io.Reader{bytes.NewReader(head)}
				for range times {
					parts = append(parts, bytes.NewReader(body))
				}
				if _, err := importer.Decode(io.MultiReader(parts...),
					one.format, importer.Options{Format: one.format}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
