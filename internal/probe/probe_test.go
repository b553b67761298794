package probe_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v5"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/probe"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// resource reads one resource of a file.
func resource(t *testing.T, text string) config.Resource {
	t.Helper()
	s, err := thresholds.Decode([]byte(`version: 1
target: {url: "http://localhost:8000", allow: [localhost, 127.0.0.0/8, commands]}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 10s}}
users: {g: {wait: 1s, steps: [GET /]}}
thresholds: {a: {endpoints: "*", p95: 1s}}
resources:
  r: `+text+"\n"), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Resources[0]
}

// get asks as the command line does, without its client.
func get(ctx context.Context, url string) (probe.Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return probe.Answer{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return probe.Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return probe.Answer{Status: resp.StatusCode, Header: resp.Header.Get, Body: body}, err
}

func open(t *testing.T, text string) probe.Probe {
	t.Helper()
	allow, err := target.NewAllowList([]string{"localhost", "127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	return openIn(t, &probe.World{Fetch: get, Allow: allow}, text)
}

func openIn(t *testing.T, w *probe.World, text string) probe.Probe {
	t.Helper()
	p, err := w.Open(resource(t, text).Probe)
	if err != nil {
		t.Fatal(err)
	}
	if p.Close != nil {
		t.Cleanup(p.Close)
	}
	return p
}

// page is a metrics page whose text can be changed.
func page(t *testing.T) (text *string, url string) {
	t.Helper()
	text = new(string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, *text)
	}))
	t.Cleanup(s.Close)
	return text, s.URL
}

const metricsPage = `# TYPE hits counter
hits{cache="a"} 90
hits{cache="b"} 10
# TYPE misses counter
misses 100
# TYPE used gauge
used 2.42e+010
# TYPE free gauge
free 2.42e+010
# TYPE cpu gauge
cpu 42
# TYPE nothing gauge
nothing NaN
# TYPE took histogram
took_bucket{le="0.1"} 10
took_bucket{le="0.2"} 20
took_bucket{le="+Inf"} 20
took_sum 3
took_count 20
`

// Levels of a metrics page: units, sums of series, labels, parts of a whole.
func TestMetricsLevels(t *testing.T) {
	text, url := page(t)
	*text = metricsPage
	for _, c := range []struct {
		keys, want string // a number or a part of the error
	}{
		{"gauge: cpu, unit: percent", "0.42"},
		{"gauge: used, of: [used, free]", "0.5"},
		{"gauge: used, unit: bytes", "2.42e+10"},
		{"gauge: [cpu, misses]", "142"},
		{"gauge: hits", "100"},
		{"gauge: hits, labels: {cache: a}", "90"},
		{"gauge: hits, labels: {cache: c}", `no series of hits has cache="c"; it has a, b`},
		{"gauge: hits, labels: {cach: a}", "no series of hits has a label cach; the nearest is cache"},
		{"gauge: gone", "the page has no metric gone; it has cpu, free, hits and 6 more"},
		{"gauge: hitz", "the page has no metric hitz; the nearest is hits"},
		{"counter: http_misses_total", "the nearest is misses"},
		{"gauge: took_count", "20"},
		{"gauge: [took_sum, cpu]", "45"},
		{"gauge: took", "took is a histogram or summary"},
		{"gauge: nothing", "which is not a number"},
		{"histogram: cpu", "cpu is not a histogram"},
	} {
		t.Run(c.keys, func(t *testing.T) {
			v, err := open(t, `{from: metrics, url: "`+url+`/", `+c.keys+"}").Read(t.Context())
			if got := fmt.Sprint(v.Number); err == nil && got != c.want {
				t.Errorf("Read() = %s, want %s", got, c.want)
			}
			if err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("Read() = %v, want %s", err, c.want)
			}
		})
	}
	if _, err := open(t, `{from: metrics, url: "`+url+`/missing", gauge: cpu}`).Read(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "404") {
		t.Errorf("a page that is not there: %v", err)
	}
	*text = "<html>no metrics</html>"
	if _, err := open(t, `{from: metrics, url: "`+url+`/", gauge: cpu}`).Read(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "text format") {
		t.Errorf("a page of something else: %v", err)
	}
}

// Counters are what they grew; one that falls is named, and 0 of 0 is nothing.
func TestMetricsCounters(t *testing.T) { synctest.Test(t, testMetricsCounters) }

func testMetricsCounters(t *testing.T) {
	text := ""
	w := &probe.World{Fetch: func(context.Context, string) (probe.Answer, error) {
		return probe.Answer{Status: 200, Body: []byte(text)}, nil
	}}
	share := openIn(t, w, `{from: metrics, counter: hits, of: [hits, misses], every: 2s}`)
	rate := openIn(t, w, `{from: metrics, counter: hits, every: 2s}`)
	took := openIn(t, w, `{from: metrics, histogram: took, percentile: p75, every: 2s}`)
	at := func(hits, misses, fast, slow int) {
		time.Sleep(2 * time.Second) // what the page said before is kept for half of that
		text = fmt.Sprintf("# TYPE hits counter\nhits %d\n# TYPE misses counter\nmisses %d\n# TYPE took "+
			"histogram\ntook_bucket{le=\"0.1\"} %d\ntook_bucket{le=\"0.2\"} %d\ntook_bucket{le=\"+Inf\"} %d\n",
			hits, misses, fast, fast+slow, fast+slow)
	}
	read := func(p probe.Probe) (probe.Value, error) { return p.Read(t.Context()) }
	at(100, 100, 10, 0)
	for _, p := range []probe.Probe{share, rate, took} {
		if _, err := read(p); !errors.Is(err, probe.ErrFirst) {
			t.Fatalf("the first look gives %v", err)
		}
	}
	at(190, 110, 20, 10)
	if v, err := read(share); err != nil || v.Number != 0.9 || v.Grew != 90 || v.Of != 100 {
		t.Errorf("share = %+v, %v", v, err)
	}
	if v, err := read(rate); err != nil || v.Number != 45 || v.Grew != 90 || v.Of != 2 {
		t.Errorf("rate = %+v, %v", v, err)
	}
	// Of 20 new ones 10 lie below 0.1 s and 10 evenly up to 0.2 s: three quarters end at 0.15 s.
	if v, err := read(took); err != nil || math.Abs(v.Number-150e6) > 1 {
		t.Errorf("p75 = %+v, %v; want 150ms", v, err)
	}
	at(190, 110, 20, 10)
	for _, p := range []probe.Probe{share, took} {
		if _, err := read(p); !errors.Is(err, probe.ErrIdle) {
			t.Errorf("nothing moved: %v", err)
		}
	}
	if v, err := read(rate); err != nil || v != (probe.Value{Asked: v.Asked, Of: 2}) {
		t.Errorf("nothing moved: %+v, %v", v, err)
	}
	at(50, 110, 1, 1)
	for _, p := range []probe.Probe{share, rate, took} {
		var fell *probe.FellError
		if _, err := read(p); !errors.As(err, &fell) {
			t.Errorf("a counter that fell: %v", err)
		}
	}
	at(60, 120, 2, 2)
	if v, err := read(share); err != nil || v.Number != 0.5 {
		t.Errorf("after the fall: %+v, %v", v, err)
	}
}

// Ten gauges of one page ask for it once.
func TestPagesAreShared(t *testing.T) {
	asked := 0
	w := &probe.World{Fetch: func(context.Context, string) (probe.Answer, error) {
		asked++
		return probe.Answer{Status: 200, Body: []byte(metricsPage)}, nil
	}}
	for range 10 {
		if _, err := openIn(t, w, "{from: metrics, gauge: cpu}").Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("the page was asked %d times", asked)
	}
}

// A page that is slow is left alone between its looks, or those would keep the
// service busy; what it said meanwhile has the time at which it was asked.
func TestSlowPagesRest(t *testing.T) {
	for _, tt := range []struct {
		every, takes time.Duration
		want         string // the seconds at which the page is asked, of gauges that are read for 24
	}{
		{2 * time.Second, 100 * time.Millisecond, "0 2 4 6 8 10 12 14 16 18 20 22"},
		{time.Second, 200 * time.Millisecond, "0 2 4 6 8 10 12 14 16 18 20 22"},
		{time.Second, 900 * time.Millisecond, "0 4 8 12 16 20"},
		{2 * time.Second, 1900 * time.Millisecond, "0 8 16"},
		{6 * time.Second, 1900 * time.Millisecond, "0 12"},
		{12 * time.Second, 1900 * time.Millisecond, "0 12"},
	} {
		t.Run(fmt.Sprintf("%s every %s", tt.takes, tt.every), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				var asked, said []string
				w := &probe.World{Fetch: func(ctx context.Context, _ string) (probe.Answer, error) {
					asked = append(asked, fmt.Sprint(time.Since(began).Seconds()))
					time.Sleep(tt.takes)
					return probe.Answer{Status: 200, Body: []byte(metricsPage)}, ctx.Err()
				}}
				gauge := openIn(t, w, fmt.Sprintf("{from: metrics, gauge: cpu, every: %s}", tt.every))
				for due := time.Duration(0); due < 24*time.Second; due += tt.every {
					time.Sleep(due - time.Since(began))
					v, err := gauge.Read(t.Context())
					if err != nil || v.Took != tt.takes {
						t.Fatalf("%+v, %v; want an answer that took %s", v, err, tt.takes)
					}
					if at := fmt.Sprint(v.Asked.Sub(began).Seconds()); !slices.Contains(said, at) {
						said = append(said, at)
					}
				}
				if strings.Join(asked, " ") != tt.want || !slices.Equal(asked, said) {
					t.Errorf("asked at %s and said at %s, want %s", asked, said, tt.want)
				}
			})
		})
	}
}

// A page that does not answer in time rests as well, and a counter that is read
// from the same answer twice did not stand still.
func TestPagesThatHangRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		w := &probe.World{Fetch: func(ctx context.Context, _ string) (probe.Answer, error) {
			if asked++; asked == 1 {
				<-ctx.Done()
				return probe.Answer{}, ctx.Err()
			}
			return probe.Answer{Status: 200, Body: []byte("# TYPE hits counter\nhits 5\n")}, nil
		}}
		gauge := openIn(t, w, "{from: metrics, counter: hits, every: 1s}")
		look := func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := gauge.Read(ctx)
			return err
		}
		for range 3 {
			if err := look(); err == nil || err.Error() != "no answer came in the time of a look" || asked != 1 {
				t.Errorf("while it rests: %v, asked %d times", err, asked)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(time.Second)
		for range 2 {
			if err := look(); !errors.Is(err, probe.ErrFirst) || asked != 2 {
				t.Errorf("one answer: %v, asked %d times", err, asked)
			}
		}
	})
}

// The machine and this very process.
func TestHostAndProcess(t *testing.T) {
	own := fmt.Sprintf("pid: %d", os.Getpid())
	pidfile := filepath.Join(t.TempDir(), "pid")
	if err := os.WriteFile(pidfile, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(nil)
	defer s.Close()
	port := s.URL[strings.LastIndex(s.URL, ":")+1:]
	for _, c := range []struct {
		keys      string
		low, high float64
	}{
		{"from: host, read: memory", 0.001, 1},
		{"from: host, read: load", 0, 1000},
		{"from: host, read: cpu", 0, 1},
		{"from: host, read: steal", 0, 1},
		{"from: process, read: rss, " + own, 1 << 20, 1 << 40},
		{"from: process, read: rss, pidfile: " + pidfile, 1 << 20, 1 << 40},
		{"from: process, read: threads, port: " + port, 1, 1 << 20},
		{"from: process, read: descriptors, " + own, 3, 1 << 20},
		{"from: process, read: cpu, " + own, 0, 1},
	} {
		t.Run(c.keys, func(t *testing.T) {
			p := open(t, "{"+c.keys+"}")
			v, err := p.Read(t.Context())
			// a machine counts in hundredths of a second
			for errors.Is(err, probe.ErrFirst) || errors.Is(err, probe.ErrIdle) {
				pause(t, 20*time.Millisecond)
				v, err = p.Read(t.Context())
			}
			if err != nil || v.Number < c.low || v.Number > c.high {
				t.Errorf("Read() = %v, %v; want %g to %g", v, err, c.low, c.high)
			}
		})
	}
	long := filepath.Join(t.TempDir(), "long")
	if err := os.WriteFile(long, bytes.Repeat([]byte("root:x:0:0\n"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	for keys, want := range map[string]string{
		"from: process, pidfile: " + long:                    "larger than 1 KiB",
		"from: process, pid: 999999999":                      "process 999999999 has ended",
		"from: process, port: 1":                             "nobody listens on port 1",
		"from: process, named: no-such-program":              `no process is named "no-such-program"`,
		"from: process, pidfile: /no/such/file":              "no such file",
		"from: cgroup, read: memory, path: /sys/fs/no-group": "the group does not report its memory",
	} {
		if _, err := open(t, "{"+keys+"}").Read(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", keys, err, want)
		}
	}
	if _, err := (&probe.World{}).Open(resource(t, "{from: process}").Probe); err == nil ||
		!strings.Contains(err.Error(), "not on this machine") {
		t.Errorf("a target elsewhere: %v", err)
	}
}

func TestCommandAndJSON(t *testing.T) {
	text, url := page(t)
	*text = `{"pool": {"used": 7}, "name": "x", "later": null, "list": []}`
	for keys, want := range map[string]string{
		"from: command, run: echo 3":                             "3",
		"from: command, run: 'echo 42', unit: percent":           "0.42",
		"from: command, run: echo three":                         `printed "three", which is not a number`,
		"from: command, run: 'echo why >&2; exit 3'":             "exit status 3: why",
		"from: command, run: 'yes 1'":                            "did not end in time",
		`from: json, url: "` + url + `/", value: body.pool.used`: "7",
		`from: json, url: "` + url + `/", value: body.pool.free`: "the answer has no body.pool.free: " +
			"body.pool has no free; it has used",
		`from: json, url: "` + url + `/", value: body.pol.used`:         "body has no pol; the nearest is pool",
		`from: json, url: "` + url + `/", value: body.name.used`:        "body.name is not an object with keys",
		`from: json, url: "` + url + `/", value: body.later.used`:       "body.later is null",
		`from: json, url: "` + url + `/", value: "body.list[0].used"`:   "body.list has 0 items",
		`from: json, url: "` + url + `/", value: body.name`:             `gives "x", which is not a number`,
		`from: json, url: "` + url + `/missing", value: body.pool.used`: "it answers 404",
		`from: prometheus, url: "` + url + `", query: up`:               "the server says",
		`from: prometheus, url: "http://127.0.0.1:1", query: up`:        "refused",
		`from: redis, url: "redis://user:hidden@127.0.0.1:1/0"`:         "refused",
		`from: postgres, dsn: "postgres://user:hidden@127.0.0.1:1/x"`:   "refused",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		v, err := open(t, "{"+keys+"}").Read(ctx)
		cancel()
		if err == nil && fmt.Sprint(v.Number) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %s", keys, v.Number, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v shows the password", keys, err)
		}
	}
	allow, err := target.NewAllowList(target.Loopback())
	if err != nil {
		t.Fatal(err)
	}
	for _, keys := range []string{
		`from: postgres, dsn: "postgres://user:hidden@db.example.com/x"`,
		`from: postgres, dsn: "host=127.0.0.1,10.0.0.5 user=u password=hidden"`,
		`from: postgres, dsn: "host=/run/postgresql user=u password=hidden"`,
		`from: redis, url: "unix:///run/redis.sock"`, `from: redis, url: "redis://:hidden@db.example.com"`,
	} {
		if _, err := (&probe.World{Allow: allow}).Open(resource(t, "{"+keys+"}").Probe); err == nil ||
			!strings.Contains(err.Error(), "not on the allow list") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", keys, err)
		}
	}
	for _, dsn := range []string{
		"host=127.0.0.1 passfile=/etc/passwd", "postgres://127.0.0.1/x?sslrootcert=/etc/passwd",
		"host=127.0.0.1 service=x servicefile=../x",
		"postgres://127.0.0.1/x?sslmode=verify-full&sslcert=ca.pem&sslkey=/root/key",
		"postgres://127.0.0.1/x?pass%66ile=/etc/passwd",
	} {
		one := resource(t, "{from: postgres, dsn: host=127.0.0.1}").Probe
		one.DSN = dsn // which spec refuses where it sees it
		if _, err := (&probe.World{}).Open(one); err == nil ||
			!strings.Contains(err.Error(), "names a file of this machine") {
			t.Errorf("dsn %q of the file: %v, want that it may name no file", dsn, err)
		}
		one.Given = true
		if _, err := (&probe.World{}).Open(one); err != nil && strings.Contains(err.Error(), "may not") {
			t.Errorf("dsn %q of the environment: %v", dsn, err)
		}
	}
	for _, keys := range []string{`from: redis, url: "http://:hidden@x"`,
		`from: postgres, dsn: "postgres://u:hid den@x:port/"`} {
		if _, err := (&probe.World{}).Open(resource(t, "{"+keys+"}").Probe); err == nil ||
			strings.Contains(err.Error(), "hid") {
			t.Errorf("%s: %v", keys, err)
		}
	}
}

// The answers of Prometheus' query API.
func TestPrometheus(t *testing.T) {
	text, url := page(t)
	for answer, want := range map[string]string{
		`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000.1,` +
			`"42"]}]}}`: "0.42",
		`{"status":"success","data":{"resultType":"scalar",` +
			`"result":[1700000000.1,"7"]}}`: "0.07",
		`{"status":"success","data":{"resultType":"vector",` +
			`"result":[]}}`: "gives no series",
		`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]},` +
			`{"metric":{"a":"b"},"value":[1,"2"]}]}}`: "gives 2 series",
		`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,` +
			`"NaN"]}]}}`: "which is not a number",
		`{"status":"success","data":{"resultType":"matrix","result":[]}}`: "gives no number",
		`{"status":"error","errorType":"bad_data","error":"parse error"}`: "the server says: parse error",
		`<html>`: "no JSON",
	} {
		*text = answer
		v, err := open(t, `{from: prometheus, url: "`+url+`", query: "up", unit: percent}`).Read(t.Context())
		if err == nil && fmt.Sprintf("%.4g", v.Number) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %s", answer, v.Number, err, want)
		}
	}
}

// A real PostgreSQL: what is read is what was done, and one that goes away and
// comes back is read again.
func TestPostgres(t *testing.T) {
	server, dsn := postgres(t)
	ctx := t.Context()
	client, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string) {
		t.Helper()
		if _, err := client.Exec(ctx, query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	read := func(p probe.Probe) float64 {
		t.Helper()
		v, err := p.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return v.Number
	}
	all := open(t, `{from: postgres, dsn: "`+dsn+`"}`)
	if got := read(all); got != 1./20 {
		t.Errorf("one client of 20: %v", got)
	}
	busy := open(t, `{from: postgres, dsn: "`+dsn+`", pool: 4}`)
	if got := read(busy); got != 0 {
		t.Errorf("nobody works: %v", got)
	}
	do("BEGIN")
	do("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")
	if got := read(busy); got != 1./4 {
		t.Errorf("one of 4 has a transaction open: %v", got)
	}
	if got := read(open(t, `{from: postgres, dsn: "`+dsn+`", read: longest_transaction}`)); got <= 0 || got > 60e9 {
		t.Errorf("the transaction is %v ns old", got)
	}
	do("COMMIT")

	hits := open(t, `{from: postgres, dsn: "`+dsn+`", read: cache_hit_ratio}`)
	temps := open(t, `{from: postgres, dsn: "`+dsn+`", read: temp_files}`)
	for _, p := range []probe.Probe{hits, temps} {
		if _, err := p.Read(ctx); !errors.Is(err, probe.ErrFirst) {
			t.Fatalf("a first look: %v", err)
		}
	}
	do("SET work_mem = '64kB'")
	do("SELECT a.n FROM t a, generate_series(1, 100) b ORDER BY md5(a.n::text || b::text)")
	_ = client.Close(ctx) // its statistics are sent at the latest when it goes
	var grown probe.Value
	for grown.Number == 0 {
		if grown, err = temps.Read(ctx); err != nil {
			t.Fatal(err)
		}
		pause(t, 10*time.Millisecond)
	}
	if v, err := hits.Read(ctx); err != nil || v.Number <= 0.5 || v.Number > 1 || v.Of == 0 {
		t.Errorf("cache_hit_ratio = %+v, %v", v, err)
	}

	server.stop()
	if _, err := all.Read(ctx); err == nil || strings.Contains(err.Error(), "secret-word") {
		t.Errorf("it is gone: %v", err)
	}
}

// A real Redis.
func TestRedis(t *testing.T) {
	server, url := redisServer(t)
	conn, err := redis.DialURL(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	do := func(args ...any) {
		t.Helper()
		if _, err := conn.Do(args[0].(string), args[1:]...); err != nil {
			t.Fatal(err)
		}
	}
	rate := open(t, `{from: redis, url: "`+url+`", read: hit_rate, every: 100ms}`)
	if _, err := rate.Read(t.Context()); !errors.Is(err, probe.ErrFirst) {
		t.Fatal(err)
	}
	do("SET", "a", "1")
	for range 9 {
		do("GET", "a")
	}
	do("GET", "b")
	pause(t, 60*time.Millisecond)
	if v, err := rate.Read(t.Context()); err != nil || v != (probe.Value{Number: 0.9, Grew: 9, Of: 10}) {
		t.Errorf("hit_rate = %+v, %v", v, err)
	}
	for read, low := range map[string]float64{"memory": 100_000, "clients": 1} {
		if v, err := open(t, `{from: redis, url: "`+url+`", read: `+read+"}").Read(t.Context()); err != nil ||
			v.Number < low {
			t.Errorf("%s = %+v, %v", read, v, err)
		}
	}
	server.stop()
	pause(t, 60*time.Millisecond)
	if _, err := rate.Read(t.Context()); err == nil {
		t.Error("it is gone, and is read")
	}
}

// A real PostgreSQL counts what single requests and the whole run made it do.
func TestStatements(t *testing.T) {
	_, dsn := postgres(t)
	ctx := t.Context()
	client, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close(ctx)
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := client.Exec(ctx, query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	allow, err := target.NewAllowList([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	watched := []config.Resource{resource(t, "{from: host}"), resource(t, `{from: postgres, dsn: "`+dsn+`"}`)}
	if (&probe.World{Allow: allow}).Statements(ctx, watched) != nil {
		t.Error("statements are counted without the extension")
	}
	do("CREATE EXTENSION pg_stat_statements")
	do("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")
	w := &probe.World{Allow: allow}
	s := w.Statements(ctx, watched)
	if s == nil {
		t.Fatal("statements are not counted")
	}
	// the probe's own are not told
	if _, err := openIn(t, w, `{from: postgres, dsn: "`+dsn+`"}`).Read(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range 21 {
		do("SELECT * FROM t WHERE n = $1", i)
	}
	done, err := s.Since(ctx)
	if err != nil || len(done) != 1 || done[0].Calls != 21 || done[0].Time <= 0 ||
		done[0].Rows != 20 || done[0].Query != "SELECT * FROM t WHERE n = $1" {
		t.Errorf("Since() = %+v, %v", done, err)
	}
	if done, err = s.Since(ctx); err != nil || len(done) != 0 {
		t.Errorf("nothing was done since: %+v, %v", done, err)
	}
}
