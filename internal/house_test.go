// Package internal_test walks the house and fails where a package breaks its
// floor, a pure one touches the world, or a library leaves its room.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/loadgate/loadgate/internal/"

// floors from the ground up: a package imports only from lower ones. A new package gets its
// name into one of them, or a floor of its own. demo is a house of its own: it imports
// nothing of this one, and only cli opens it. A name that ends in /* is every package of that
// folder that is not on a lower floor.
var floors = [][]string{
	{"unit", "regular", "loanword", "process", "expr/dynamic", "testport", "history/shelf",
		"client/answerhead", "client/cookies", "client/socket", "client/digest", "client/events", "client/websocket",
		"client/http2error"},
	{"metric", "hist", "stat", "expr", "htmlpage", "cgroup", "safetext", "target", "reason", "trace",
		"history/folder", "client/addresses"},
	{"live", "mask", "history/storetest", "config/mistake", "config/table", "config/graphql", "config/dotenv",
		"config/dsn", "config/endpoint", "client/coding", "scaffold/naming",
		"scaffold/template", "scaffold/input", "report/typeset"},
	{"config/yamlfix", "scaffold/node", "scaffold/secrets", "scaffold/locustfile/syntax", "telemetry/push",
		"telemetry/scrape", "history/s3",
		"history/postgres"},
	{"config/grammar", "scaffold/harm"},
	{"config", "result"},
	{"thresholds", "verdict", "identity", "client", "measure", "baseline", "probe", "selfmon", "fleet",
		"importer/charset"},
	{"estimate", "alert", "importer/numeral", "fleet/link", "fleet/manifest", "recorder"},
	{"plan", "history", "evidence", "importer/textfile", "fleet/hub", "fleet/worker"},
	{"engine", "regress", "diagnose", "importer/collect", "scaffold/draft", "telemetry"},
	{"gate", "importer/hdrhistogram", "scaffold/openapi", "scaffold/recording", "scaffold/request",
		"scaffold/written"},
	{"capacity", "exitcode", "importer/*", "scaffold/har", "scaffold/locustfile", "scaffold/jmeter",
		"scaffold/k6script/walk", "scaffold/postman"},
	{"report/wording", "scaffold/k6script"},
	{"experiment", "importer", "scaffold", "export", "notify", "demo", "report/content"},
	{"report/verdictjson", "report/locust", "fleet/coordinator"},
	{"report/terminal"},
	{"report/webpage", "report/junit"},
	{"report/github", "report/board"},
	{"report"},
	{"cli/environ", "cli/failure", "cli/buildinfo"},
	{"cli/console"},
	{"cli/usage", "cli/output", "cli/progress"},
	{"cli/input", "cli/delivery", "cli/launch", "cli/web", "cli/metrics", "cli/site", "cli/tape"},
	{"cli/load", "cli/record", "cli/workers", "cli/ui"},
	{"cli/target", "cli/notice", "cli/drafted"},
	{"cli/gauges", "cli/workload", "cli/pairs"},
	{"cli/session"},
	{"cli"},
}

// floorOf counts from 0, the ground.
func floorOf(room string) (int, bool) {
	floor := slices.IndexFunc(floors, func(rooms []string) bool {
		return slices.Contains(rooms, room) || slices.Contains(rooms, path.Dir(room)+"/*")
	})
	return floor, floor >= 0
}

// worldly packages may read the clock, files and the network; all others are
// pure.
var worldly = []string{"regular", "client", "client/socket", "client/addresses", "recorder", "probe", "history",
	"history/folder", "history/s3", "history/postgres",
	"history/storetest", "engine", "selfmon", "process", "notify", "demo",
	"testport", "live", "fleet/link", "fleet/hub", "fleet/worker", "fleet/coordinator",
	"cli", "cli/environ", "cli/failure", "cli/console", "cli/usage", "cli/output", "cli/input",
	"cli/record", "cli/delivery", "cli/launch", "cli/load", "cli/workers", "cli/target", "cli/gauges",
	"cli/workload", "cli/session", "cli/web", "cli/ui", "cli/notice", "cli/metrics", "cli/site",
	"cli/pairs", "cli/tape", "cli/drafted", "telemetry/push", "telemetry/scrape"}

// opening are the names of os that open files, and openers the rooms of cli that use them: a
// command does not.
var (
	opening = []string{"Open", "OpenFile", "OpenRoot", "Create", "CreateTemp", "ReadFile", "WriteFile"}
	openers = []string{"cli/output", "cli/delivery", "cli/launch", "cli/load", "cli/workers", "cli/workload",
		"cli/session"}
)

// forbidden to pure packages: whole packages, and names of some.
var forbidden = map[string][]string{
	"os": nil, "os/exec": nil, "net": nil, "log": nil, "log/slog": nil,
	"syscall": nil, "math/rand": nil, "crypto/rand": nil,
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
}

// chance names what pure packages may use of math/rand/v2: sources that are
// given their seed.
var chance = []string{"New", "NewPCG", "Rand", "PCG", "Source"}

// rooms says where a library may be imported, by the beginning of its path: in these packages
// and in those of their folders.
// Test files are free.
var rooms = map[string][]string{
	"github.com/HdrHistogram/":   {"hist"},
	"gonum.org/":                 {"stat"},
	"github.com/aclements/":      {"stat"},
	"github.com/expr-lang/":      {"expr"},
	"github.com/tidwall/":        {"scaffold", "expr", "importer"},
	"gopkg.in/yaml.v3":           {"scaffold", "config", "fleet/manifest"},
	"github.com/getkin/":         {"scaffold"},
	"github.com/grafana/":        {"scaffold/k6script"},
	"github.com/invopop/":        {"config"},
	"github.com/agnivade/":       {"expr"},
	"github.com/andybalholm/":    {"client/coding"},
	"github.com/klauspost/":      {"client/coding"},
	"golang.org/x/sync/":         {"engine"},
	"github.com/shirou/":         {"selfmon", "probe"},
	"github.com/prometheus/":     {"probe", "telemetry"},
	"github.com/jackc/":          {"probe", "history/postgres"},
	"github.com/minio/":          {"history/s3"},
	"github.com/gomodule/":       {"probe"},
	"github.com/olekukonko/":     {"report/terminal", "report/typeset"},
	"github.com/sethvargo/":      {"report/github"},
	"github.com/spf13/":          {"cli"},
	"github.com/mattn/go-isatty": {"cli/console"},
	"github.com/vbauerster/":     {"cli/progress"},
	"golang.org/x/term":          {"cli/console"},
	"golang.org/x/net/":          {"cli/target", "target"},
	"golang.org/x/sys/":          {"process"},
	"golang.org/x/text/":         {"importer/charset"},
	"github.com/cenkalti/":       {"notify", "telemetry/push"},
	"go.opentelemetry.io/":       {"telemetry"},
	"google.golang.org/":         {"telemetry"},
	"github.com/nats-io/":        {"fleet/link", "fleet/hub"},

	// The folder above, for the file that the binary carries.
	"github.com/loadgate/loadgate": {"cli"},
}

func TestHouse(t *testing.T) {
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".go") && filepath.Dir(path) != "." {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("found %d files; the house is larger", len(files))
	}
	for _, path := range files {
		visit(t, path)
	}
}

// visit holds one file against the rules.
func visit(t *testing.T, path string) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	room := filepath.ToSlash(filepath.Dir(path))
	floor, known := floorOf(room)
	if !known {
		t.Errorf("%s: package %s has no floor; give it one in floors", path, room)
		return
	}
	isTest := strings.HasSuffix(path, "_test.go")
	pure := !slices.Contains(worldly, room)
	names := map[string]string{} // local name of an import to its path
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		names[localName(spec, imported)] = imported
		if isTest {
			continue
		}
		if other, ours := strings.CutPrefix(imported, module); ours {
			checkFloor(t, path, room, floor, other)
			continue
		}
		if only, whole := forbidden[imported]; pure && whole && only == nil {
			t.Errorf("%s: a pure package imports %s", path, imported)
		}
		if strings.Contains(strings.Split(imported, "/")[0], ".") && !livesIn(room, roomsOf(imported)) {
			t.Errorf("%s: %s lives in %v, not in %s", path, imported, roomsOf(imported), room)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			t.Errorf("%s: a go statement; start goroutines in a group that waits for them", fset.Position(n.Pos()))
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok || isTest {
				break
			}
			from := names[x.Name]
			if from == "os" && slices.Contains(opening, n.Sel.Name) &&
				livesIn(room, []string{"cli"}) && !slices.Contains(openers, room) {
				t.Errorf("%s: %s opens a file; only %v do", fset.Position(n.Pos()), room, openers)
			}
			if !pure {
				break
			}
			if slices.Contains(forbidden[from], n.Sel.Name) ||
				from == "math/rand/v2" && !slices.Contains(chance, n.Sel.Name) {
				t.Errorf("%s: a pure package uses %s.%s", fset.Position(n.Pos()), from, n.Sel.Name)
			}
		}
		return true
	})
}

// free says what a package does without, in all that it imports of this module too: packages
// of ours, and libraries by the beginning of their path.
var free = map[string][]string{
	"client": {"config", "expr", "gopkg.in/yaml.v3", "github.com/expr-lang/"},
	"target": {"config", "expr", "gopkg.in/yaml.v3", "github.com/expr-lang/"},
}

func TestSmallPackagesStaySmall(t *testing.T) {
	for room, without := range free {
		all := importsOf(t, room, map[string]bool{})
		if len(all) < 5 {
			t.Errorf("%s imports only %d packages: %v", room, len(all), all)
		}
		for path := range all {
			for _, prefix := range without {
				library := strings.Contains(prefix, "/")
				if path == module+prefix || library && strings.HasPrefix(path, prefix) {
					t.Errorf("%s imports %s, itself or through another package", room, path)
				}
			}
		}
	}
}

// importsOf adds what a package imports, and what packages of this module that it imports do.
func importsOf(t *testing.T, room string, all map[string]bool) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(filepath.FromSlash(room), "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s has no files: %v", room, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			other, ours := strings.CutPrefix(imported, module)
			if seen := all[imported]; ours && !seen {
				all[imported] = true
				importsOf(t, other, all)
			}
			all[imported] = true
		}
	}
	return all
}

func checkFloor(t *testing.T, path, room string, floor int, other string) {
	below, known := floorOf(other)
	switch {
	case room == "demo":
		t.Errorf("%s: demo imports %s; it is a house of its own", path, other)
	case other == "demo" && !livesIn(room, []string{"cli"}):
		t.Errorf("%s: only cli opens demo", path)
	case !known || below >= floor:
		t.Errorf("%s: %s (floor %d) imports %s (floor %d); a package imports only from lower floors",
			path, room, floor, other, below)
	}
}

func localName(spec *ast.ImportSpec, path string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && strings.HasPrefix(last, "v") && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	return last
}

// livesIn reports whether a package or a folder above it is one of these.
func livesIn(room string, rooms []string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool { return room == r || strings.HasPrefix(room, r+"/") })
}

func roomsOf(path string) []string {
	for prefix, in := range rooms {
		if strings.HasPrefix(path, prefix) {
			return in
		}
	}
	return nil
}
