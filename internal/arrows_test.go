package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a package may be, so that one reader can hold it: its lines of code, the methods of
// its largest type, and how many of the arrows between its files may run backward in the
// best order of the files. An arrow runs from a file to each file whose names it uses.
const (
	mostLines    = 3300
	mostMethods  = 40
	mostBackward = 0.10
)

// A measured package, as the limits see it.
type room struct {
	lines    int
	methods  map[string]int             // of each type
	arrows   map[string]map[string]bool // from a file to the files whose names it uses
	backward [][2]string                // arrows that run up in the best order found
	order    []string                   // the files, users before what they use
	total    int                        // arrows
	doc      bool                       // it has a doc comment
}

func TestRoomsAreSmall(t *testing.T) {
	for _, dir := range packageDirs(t) {
		r := measureRoom(t, dir)
		for _, what := range r.exceeded() {
			t.Errorf("%s: %s\nits best order: %s\nbackward: %v",
				filepath.ToSlash(dir), what, strings.Join(r.order, " "), r.backward)
		}
	}
}

// exceeded says which limits a package exceeds, and that it lacks its doc comment.
func (r room) exceeded() []string {
	var all []string
	if !r.doc {
		all = append(all, "no doc comment of the package")
	}
	if r.lines > mostLines {
		all = append(all, fmt.Sprintf("%d lines of code; at most %d", r.lines, mostLines))
	}
	for _, typ := range slices.Sorted(maps.Keys(r.methods)) {
		if n := r.methods[typ]; n > mostMethods {
			all = append(all, fmt.Sprintf("%d methods of %s; at most %d", n, typ, mostMethods))
		}
	}
	// Fewer than ten arrows have no tenth: one may run back.
	if allowed := max(1, int(mostBackward*float64(r.total))); len(r.backward) > allowed {
		all = append(all, fmt.Sprintf("%d of %d arrows between files run backward; at most %d",
			len(r.backward), r.total, allowed))
	}
	return all
}

func packageDirs(t *testing.T) []string {
	t.Helper()
	var dirs []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || path == "." || entry.Name() == "testdata" {
			return err
		}
		if files, _ := filepath.Glob(filepath.Join(path, "*.go")); len(files) > 0 {
			dirs = append(dirs, path)
		}
		return nil
	})
	if err != nil || len(dirs) < 30 {
		t.Fatalf("found %d packages: %v", len(dirs), err)
	}
	return dirs
}

// measureRoom reads the files of a package for this system, without its tests.
func measureRoom(t *testing.T, dir string) room {
	t.Helper()
	r := room{methods: map[string]int{}, arrows: map[string]map[string]bool{}}
	set := token.NewFileSet()
	var files []*ast.File
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r.lines += codeLines(string(text))
		file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		r.doc = r.doc || file.Doc != nil
		r.arrows[filepath.Base(path)] = map[string]bool{}
	}
	r.resolve(set, files)
	r.order = bestOrder(r.arrows)
	at := map[string]int{}
	for i, file := range r.order {
		at[file] = i
	}
	for from, tos := range r.arrows {
		r.total += len(tos)
		for to := range tos {
			if at[to] < at[from] {
				r.backward = append(r.backward, [2]string{from, to})
			}
		}
	}
	return r
}

// resolve notes which file uses names of which, and the methods of each type. Imports stay
// empty, as only the package's own names matter.
func (r *room) resolve(set *token.FileSet, files []*ast.File) {
	info := types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Error: func(error) {}, Importer: nothing{}, FakeImportC: true}
	pkg, _ := config.Check("room", set, files, &info) // errors: of the imports left out
	for ident, object := range info.Uses {
		if object.Pkg() != pkg || !isDeclared(object, pkg) {
			continue
		}
		from := filepath.Base(set.Position(ident.Pos()).Filename)
		if to := filepath.Base(set.Position(object.Pos()).Filename); from != to {
			r.arrows[from][to] = true
		}
	}
	for _, name := range pkg.Scope().Names() {
		if typ, ok := pkg.Scope().Lookup(name).Type().(*types.Named); ok && typ.Obj().Name() == name {
			r.methods[name] = typ.NumMethods()
		}
	}
}

// isDeclared reports whether a name is one of the package's own: a package-level one or a
// method. Fields are not: a file that uses one uses the type as well.
func isDeclared(object types.Object, pkg *types.Package) bool {
	if f, ok := object.(*types.Func); ok {
		return f.Pkg() == pkg
	}
	return object.Parent() == pkg.Scope()
}

type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	pkg := types.NewPackage(path, localName(&ast.ImportSpec{}, path))
	pkg.MarkComplete()
	return pkg, nil
}

func codeLines(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			n++
		}
	}
	return n
}

// bestOrder puts users before what they use, so that few arrows run back: first the order of
// Eades, Lin and Smyth (1993), then files move one at a time while that helps.
func bestOrder(arrows map[string]map[string]bool) []string {
	left := slices.Sorted(maps.Keys(arrows))
	var front, back []string
	for len(left) > 0 {
		best, bestScore := 0, 0
		for i, file := range left {
			out, in := degree(arrows, left, file)
			switch {
			case out == 0:
				best, bestScore = i, -1
			case bestScore >= 0 && (i == 0 || out-in > bestScore):
				best, bestScore = i, max(0, out-in)
			}
			if bestScore < 0 {
				break
			}
		}
		file := left[best]
		left = slices.Delete(left, best, best+1)
		if bestScore < 0 {
			back = append(back, file)
		} else {
			front = append(front, file)
		}
	}
	slices.Reverse(back)
	return improve(arrows, append(front, back...))
}

func degree(arrows map[string]map[string]bool, among []string, file string) (out, in int) {
	for _, other := range among {
		if arrows[file][other] {
			out++
		}
		if arrows[other][file] {
			in++
		}
	}
	return out, in
}

// improve moves each file to the place where the fewest of its arrows run back, until no
// move helps.
func improve(arrows map[string]map[string]bool, order []string) []string {
	for moved := true; moved; {
		moved = false
		for _, file := range slices.Clone(order) {
			from := slices.Index(order, file)
			rest := slices.Delete(slices.Clone(order), from, from+1)
			cost := 0 // of the place before rest[0]
			for _, other := range rest {
				if arrows[other][file] {
					cost++
				}
			}
			costs := []int{cost}
			for _, other := range rest {
				if arrows[file][other] {
					cost++
				}
				if arrows[other][file] {
					cost--
				}
				costs = append(costs, cost)
			}
			to := slices.Index(costs, slices.Min(costs))
			if costs[to] < costs[from] {
				order = slices.Insert(rest, to, file)
				moved = true
			}
		}
	}
	return order
}
