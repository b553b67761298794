package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/history/storetest"
)

// places are locations of histories: a folder, and servers, of which each has its credentials in the standard
// environment or in the URL.
func places(t *testing.T) map[string]string {
	storetest.Setenv(t, storetest.Environment(storetest.NewS3(t).URL))
	return map[string]string{
		"a folder": filepath.Join(t.TempDir(), "h"), "a bucket": "s3://" + storetest.BucketName + "/h",
		"a database": storetest.Postgres(t),
	}
}

var (
	runID    = regexp.MustCompile(`[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}`)
	markedAt = regexp.MustCompile(`[0-9-]{10} [0-9:]{8} UTC: the cache was cold`)
)

// A history tells the same story wherever it is, and a location's password is nowhere in it.
func TestHistoriesTellTheSameEverywhere(t *testing.T) {
	limits := write(t, "thresholds.yaml", `version: 1
thresholds: {quick: {endpoints: "*", p95: 5s}}
baseline: {missing: inconclusive, max_regression: {p95: 15%}}
`)
	recorded, err := filepath.Abs("../../testdata/recorded")
	if err != nil {
		t.Fatal(err)
	}
	all := places(t)
	t.Chdir(t.TempDir())
	tell := func(location string) string {
		var story strings.Builder
		say := func(want int, args ...string) {
			t.Helper()
			var stdout strings.Builder
			code, stderr := run(t.Context(), &stdout,
				map[string]string{"USER": "ann", "LOADGATE_HISTORY": location}, args...)
			if code != want {
				t.Errorf("%s: %v = %d, want %d: %s%s", location, args, code, want, stderr, stdout.String())
			}
			story.WriteString(strings.Join(args, " ") + "\n" + stdout.String() + stderr)
		}
		for i, name := range []string{"aa1", "aa2", "aa4", "aa5", "aa6"} {
			code := 3
			if i > 2 {
				code = 0
			}
			say(code, "check", filepath.Join(recorded, name+".json.gz"), "--thresholds", limits, "--record")
		}
		say(0, "check", filepath.Join(recorded, "aa6.json.gz"), "--thresholds", limits, "--record") // it is there
		say(1, "check", filepath.Join(recorded, "sw-slowalerts.json.gz"), "--thresholds", limits, "--record")
		say(0, "history", "list")
		say(0, "baseline", "reject", "last", "--reason", "the cache was cold")
		say(0, "baseline", "list")
		say(0, "history", "show", "last")
		say(0, "history", "chart", "--data", "chart.json")
		say(0, "compare", "last", filepath.Join(recorded, "aa1.json.gz"))
		say(2, "history", "show", "1999")
		say(0, "history", "prune", "--keep", "6")
		say(0, "history", "list")
		say(0, "history", "copy", location, filepath.Join("copies", "of"))
		say(0, "history", "copy", location, filepath.Join("copies", "of"))
		if err := os.RemoveAll("copies"); err != nil {
			t.Fatal(err)
		}
		text := markedAt.ReplaceAllString(runID.ReplaceAllString(story.String(), "ID"), "TIME")
		if strings.Contains(text, storetest.SecretKey) {
			t.Errorf("the secret key is in\n%s", text)
		}
		return text
	}
	want := ""
	for _, name := range []string{"a folder", "a bucket", "a database"} {
		place := all[name]
		got := strings.ReplaceAll(tell(place), place, "PLACE")
		if at := strings.LastIndex(place, "@"); at > 0 {
			got = strings.ReplaceAll(got, "postgres://"+place[at+1:], "PLACE")
		}
		if strings.Contains(got, storetest.PasswordInURL) {
			t.Errorf("%s: the password is in\n%s", name, got)
		}
		if want == "" {
			want = got
		}
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s tells another story (-folder +):\n%s", name, diff)
		}
	}
}

// Whatever is typed, and wherever, a password of a location is in no output and no file.
func TestPasswordsOfLocationsAreNotShown(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer service.Close()
	path := write(t, "thresholds.yaml", `version: 1
target: {url: "`+service.URL+`"}
profiles: {p: {users: 2, spawn_rate: 2/s, duration: 1s, warm_up: 0s, try: false}}
users: {g: {wait: 10ms..20ms, steps: [GET /]}}
judge: {inconclusive: pass}
thresholds: {quick: {endpoints: "*", p95: 5s}}
baseline: {max_regression: {p95: 15%}}
`)
	folder := filepath.Dir(path)
	t.Chdir(folder)
	storetest.Setenv(t, storetest.Environment("http://127.0.0.1:1"))
	const word = "secret-word/with%2Fmore"
	locations := []string{
		"postgres://ann:secret-word%2Fmore@127.0.0.1:1/x?sslmode=disable",
		"postgres://127.0.0.1:1/x?user=ann&password=" + word + "&sslmode=disable",
		"postgresql://ann:" + word + strings.Repeat("secret-word", 20) + "@127.0.0.1:1/x",
		"POSTGRES://ann:" + word + "@h/x",
		"s3://AKIA:" + word + "@bucket/x", "s3://bucket/x?key=" + word,
	}
	for i, location := range locations {
		good := i < 2 // it can be used, and nobody listens there
		for _, row := range []struct {
			want int // of a good one
			args []string
		}{
			{4, []string{"run", path, "--record", "--history", location}},
			{0, []string{"run", path, "--html", "page.html", "-o", "junit=junit.xml", "-o", "markdown=report.md",
				"--history", location}},
			{0, []string{"check", "loadgate-out/result.json", "--thresholds", path, "--history", location}},
			{4, []string{"check", "loadgate-out/result.json", "--thresholds", path, "--record", "--history", location}},
			{0, []string{"report", "loadgate-out/result.json", "--thresholds", path, "--history", location}},
			{4, []string{"history", "list", "--history", location}},
			{4, []string{"history", "show", "last", "--history", location}},
			{4, []string{"history", "chart", "--history", location}},
			{4, []string{"history", "prune", "--keep", "1", "--history", location}},
			{4, []string{"baseline", "list", "--history", location}},
			{4, []string{"baseline", "accept", "last", "--reason", "x", "--history", location}},
			{4, []string{"compare", "last", "loadgate-out/result.json", "--history", location}},
			{4, []string{"history", "copy", location, "there"}},
			{4, []string{"history", "copy", "there", location}},
			// Where no location belongs.
			{2, []string{"history", "copy", location}},
			{2, []string{"history", location}},
			{2, []string{location}},
			{2, []string{"history", "show", location, "--history", "there"}},
			{2, []string{"compare", location, "x", "--history", "there"}},
			{2, []string{"run", location}},
			{2, []string{"run", path, "--histroy", location}},
			{2, []string{"run", path, "--profile", location}},
		} {
			var stdout strings.Builder
			code, stderr := run(t.Context(), &stdout, map[string]string{"GITHUB_ACTIONS": "true"}, row.args...)
			if good && code != row.want || !good && code != 2 {
				t.Errorf("%v = %d, want %d of a good one: %s", row.args, code, row.want, stderr)
			}
			for _, text := range []string{stdout.String(), stderr} {
				if at := strings.Index(text, "secret-word"); at >= 0 {
					t.Errorf("%v shows …%s", row.args, text[max(0, at-60):at+20])
				}
			}
		}
	}
	err := filepath.WalkDir(folder, func(file string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		if strings.Contains(string(text), "secret-word") {
			t.Errorf("it is in %s", file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// With --record a history that cannot be reached ends a run before its load; without it the run is judged alone, and
// one line says why.
func TestRunsWithoutTheirHistory(t *testing.T) {
	requests := 0
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests++ }))
	defer service.Close()
	path := write(t, "thresholds.yaml", `version: 1
target: {url: "`+service.URL+`"}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 1s, warm_up: 0s, try: false}}
users: {g: {wait: 10ms..20ms, steps: [GET /]}}
judge: {inconclusive: pass}
thresholds: {quick: {endpoints: "*", p95: 5s}}
baseline: {max_regression: {p95: 15%}}
`)
	t.Chdir(filepath.Dir(path))
	storetest.Setenv(t, storetest.Environment("http://127.0.0.1:1"))
	const refused = `: dial tcp 127.0.0.1:1: connect: connection refused$`
	for location, want := range map[string]string{
		"s3://bucket/x": `^loadgate: (record run: |read history )?s3://bucket/x: ` +
			`(list|write .loadgate)` + refused,
		"postgres://ann@127.0.0.1:1/x": `^loadgate: (record run: )?postgres://127.0.0.1:1/x: connect` + refused,
	} {
		requests = 0
		var stdout strings.Builder
		code, stderr := run(t.Context(), &stdout, nil, "run", path, "--record", "--history", location)
		if code != 4 || requests != 0 || stdout.Len() > 0 {
			t.Errorf("%s: ended with %d after %d requests: %s", location, code, requests, stdout.String())
		}
		if !regexp.MustCompile(want).MatchString(strings.TrimSpace(stderr)) {
			t.Errorf("%s: says %q, want %s", location, stderr, want)
		}
		code, stderr = run(t.Context(), &stdout, nil, "run", path, "--history", location)
		if code != 0 || requests == 0 || !strings.Contains(stdout.String(), "not compared") {
			t.Errorf("%s: ended with %d after %d requests: %s%s", location, code, requests, stderr, stdout.String())
		}
		if lines := regexp.MustCompile(`(?m)`+want).FindAllString(stderr, -1); len(lines) != 1 {
			t.Errorf("%s: says %q in %q", location, lines, stderr)
		}
	}
}
