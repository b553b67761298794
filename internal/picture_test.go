package internal_test

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var draw = flag.Bool("update", false, "draw the picture in docs/house.md")

// The marks around the picture in docs/house.md.
const (
	pictureBegins = "<!-- drawn by: go test ./internal -run Picture -update -->\n"
	pictureEnds   = "<!-- end of the picture -->\n"
)

// TestPicture draws which package imports which, folders of packages as one, and without
// arrows that follow from others. It fails where docs/house.md shows another picture, or arrows
// lead back to where they began.
func TestPicture(t *testing.T) {
	imports := importsByHouse(t)
	var b strings.Builder
	b.WriteString("\n```mermaid\nflowchart TD\n")
	arrows := 0
	if circle := circleOf(imports); circle != nil {
		t.Fatalf("%s: folders import each other in a circle", strings.Join(circle, " -> "))
	}
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		for _, to := range slices.Sorted(maps.Keys(imports[from])) {
			if follows(imports, from, to) {
				continue
			}
			fmt.Fprintf(&b, "  %s --> %s\n", from, to)
			arrows++
		}
	}
	b.WriteString("```\n\n")
	if len(imports) < 20 || arrows < len(imports)/2 {
		t.Fatalf("%d packages with %d arrows; the house is larger", len(imports), arrows)
	}
	const page = "../docs/house.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), pictureBegins)
	shown, after, ends := strings.Cut(rest, pictureEnds)
	if !begins || !ends {
		t.Fatalf("docs/house.md has no marks around its picture")
	}
	if shown == b.String() {
		return
	}
	if !*draw {
		t.Fatal("docs/house.md shows another picture; run: go test ./internal -run Picture -update")
	}
	if err := os.WriteFile(page, []byte(before+pictureBegins+b.String()+pictureEnds+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// importsByHouse are the imports between the folders of internal, those below a folder
// counted as the folder's own.
func importsByHouse(t *testing.T) map[string]map[string]bool {
	t.Helper()
	top := func(name string) string {
		name, _, _ = strings.Cut(filepath.ToSlash(name), "/")
		return name
	}
	imports := map[string]map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := top(path)
		if imports[from] == nil {
			imports[from] = map[string]bool{}
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if room, ours := strings.CutPrefix(name, module); ours && top(room) != from {
				imports[from][top(room)] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}

// TestCircles finds circles of any length, and none where two ways lead to one folder.
func TestCircles(t *testing.T) {
	for _, tt := range []struct{ arrows, want string }{
		{"", ""}, {"a-b b-c a-c", ""}, {"a-b a-c b-d c-d", ""},
		{"a-b b-a", "a b a"}, {"a-b b-c c-d d-b", "b c d b"}, {"a-b c-d d-e e-c", "c d e c"},
	} {
		imports := map[string]map[string]bool{}
		for _, arrow := range strings.Fields(tt.arrows) {
			from, to, _ := strings.Cut(arrow, "-")
			if imports[from] == nil {
				imports[from] = map[string]bool{}
			}
			imports[from][to] = true
		}
		if got := strings.Join(circleOf(imports), " "); got != tt.want {
			t.Errorf("circleOf(%s) = %q, want %q", tt.arrows, got, tt.want)
		}
	}
}

// circleOf is a way along the arrows that ends where it begins; nil: there is none.
func circleOf(imports map[string]map[string]bool) []string {
	done := map[string]bool{} // no circle is reached from these
	var walk func(way []string) []string
	walk = func(way []string) []string {
		at := way[len(way)-1]
		if begins := slices.Index(way, at); begins < len(way)-1 {
			return way[begins:]
		}
		for _, to := range slices.Sorted(maps.Keys(imports[at])) {
			if done[to] {
				continue
			}
			if circle := walk(append(way, to)); circle != nil {
				return circle
			}
		}
		done[at] = true
		return nil
	}
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		if circle := walk([]string{from}); circle != nil {
			return circle
		}
	}
	return nil
}

// follows says whether one package reaches another by a third as well.
func follows(imports map[string]map[string]bool, from, to string) bool {
	seen := map[string]bool{}
	var reaches func(at string) bool
	reaches = func(at string) bool {
		if at == to {
			return true
		}
		if seen[at] {
			return false
		}
		seen[at] = true
		return slices.ContainsFunc(slices.Collect(maps.Keys(imports[at])), reaches)
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(imports[from])), func(by string) bool {
		return by != to && reaches(by)
	})
}
