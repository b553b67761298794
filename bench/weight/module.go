package main

import (
	"slices"
	"strings"
)

// What is of no package: the work of the linker, and the tables it writes of all
// packages, such as those of types, lines and texts.
const linker = "linker"

// uses says what each of the heavier modules is for.
var uses = map[string]string{
	"std":                                      "the standard library: HTTP, TLS, JSON, reflection, the runtime",
	linker:                                     "linking, and the tables of types, lines and texts of all modules",
	"github.com/loadgate/loadgate":             "loadgate itself",
	"github.com/getkin/kin-openapi":            "`init --openapi`: descriptions in OpenAPI and Swagger",
	"github.com/jackc/pgx/v5":                  "`postgres` resources: connections, statements",
	"github.com/expr-lang/expr":                "expressions of thresholds.yaml",
	"google.golang.org/protobuf":               "of client_model: the types of a metrics page",
	"github.com/prometheus/common":             "metrics pages as resources",
	"github.com/prometheus/client_model":       "metrics pages as resources",
	"golang.org/x/text":                        "files of other tools in other charsets; names of hosts",
	"github.com/klauspost/compress":            "answers in gzip, deflate and zstd",
	"github.com/andybalholm/brotli":            "answers in brotli",
	"gonum.org/v1/gonum":                       "incomplete beta and gamma functions behind the intervals",
	"github.com/shirou/gopsutil/v4":            "processors, memory and processes of the machine",
	"github.com/olekukonko/tablewriter":        "tables in the terminal",
	"github.com/spf13/cobra":                   "commands and flags",
	"github.com/spf13/pflag":                   "flags",
	"github.com/vbauerster/mpb/v8":             "the live line of a run",
	"github.com/invopop/jsonschema":            "the JSON Schema of thresholds.yaml",
	"golang.org/x/net":                         "HTTP/2 of the target and proxies",
	"golang.org/x/sys":                         "calls of the operating system",
	"gopkg.in/yaml.v3":                         "thresholds.yaml with places",
	"go.yaml.in/yaml/v4":                       "kin-openapi reads with it",
	"github.com/santhosh-tekuri/jsonschema/v6": "kin-openapi checks with it",
}

// moduleOf a package: std for Go's own, linker for what is of none.
func moduleOf(pkg string, modules map[string]string) string {
	if pkg == linker || pkg == "" {
		return linker
	}
	if pkg == "main" {
		return "github.com/loadgate/loadgate"
	}
	module, known := modules[pkg]
	switch {
	case !known && strings.Contains(strings.Split(pkg, "/")[0], "."):
		return linker
	case module == "":
		return "std"
	}
	return module
}

// packageOf is the package whose code or data a symbol names.
func packageOf(symbol string) string {
	if rest, ok := strings.CutPrefix(symbol, "type:."); ok {
		_, symbol, _ = strings.Cut(rest, ".") // .eq.PACKAGE.TYPE, .hash.PACKAGE.TYPE
	}
	if strings.ContainsRune(symbol[:min(len(symbol), 8)], ':') || !strings.Contains(symbol, ".") {
		return linker
	}
	// The tables of lines, which belong to the functions of all.
	if slices.Contains([]string{"runtime.pclntab", "runtime.findfunctab", "runtime.types", "runtime.rodata"}, symbol) {
		return linker
	}
	path := symbol
	if i := strings.IndexAny(symbol, "(["); i >= 0 {
		path = symbol[:i]
	}
	slash := strings.LastIndexByte(path, '/') + 1
	last, _, _ := strings.Cut(path[slash:], ".")
	return strings.ReplaceAll(path[:slash]+last, "%2e", ".")
}
