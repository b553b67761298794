package main

import "testing"

func TestPackageOf(t *testing.T) {
	for symbol, want := range map[string]string{
		"main.main": "main",
		"github.com/loadgate/loadgate/internal/gate.Judge":              "github.com/loadgate/loadgate/internal/gate",
		"gopkg.in/yaml%2ev3.(*parser).parse":                            "gopkg.in/yaml.v3",
		"net/http.(*Transport).RoundTrip":                               "net/http",
		"slices.SortFunc[go.shape.[]github.com/a/b.T,github.com/a/b.T]": "slices",
		"type:.eq.github.com/a/b.T":                                     "github.com/a/b",
		"go:string.*":                                                   linker,
		"runtime.pclntab":                                               linker,
		"_rt0_amd64_linux":                                              linker,
	} {
		if got := packageOf(symbol); got != want {
			t.Errorf("packageOf(%q) = %q, want %q", symbol, got, want)
		}
	}
}

func TestModuleOf(t *testing.T) {
	modules := map[string]string{"net/http": "", "github.com/a/b/c": "github.com/a/b"}
	for pkg, want := range map[string]string{
		"net/http": "std", "runtime": "std", "github.com/a/b/c": "github.com/a/b",
		"main": "github.com/loadgate/loadgate", "": linker, "example.org/unknown": linker,
	} {
		if got := moduleOf(pkg, modules); got != want {
			t.Errorf("moduleOf(%q) = %q, want %q", pkg, got, want)
		}
	}
}
