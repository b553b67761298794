package wording

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/reason"
)

var update = flag.Bool("update", false, "write docs/codes.md")

const page = "../../../docs/codes.md"

const head = `# Reason codes

Every check and every cause has a code in [verdict.json](result.md#verdictjson), as ` + "`type`" + ` of its case in
JUnit's file, in the title of its [annotation](github.md), and in the output ` + "`codes`" + ` of the action.
A code keeps its meaning; its words may change, so a script should compare codes. A plain pass is ` + "`kept`" + `.

` + "`args`" + ` are the arguments of a code: the words in *italics* below. A quantity or a length of time is
` + "`{\"value\": 0.35, \"unit\": \"ratio\"}`" + ` as everywhere in verdict.json, and a reason within a reason has
its own code and arguments. [Brackets] appear only if their arguments are present; / separates alternatives.
` + "`also`" + ` lists further reasons of a check, and ` + "`remedies`" + ` replaces the code's usual advice.

*Where* says of what a code is:

- *check*, *cause*: the ` + "`code`" + ` of a check, or of a cause in ` + "`diagnosis`" + `.
- *part*: only within another reason: in its ` + "`args`" + `, or in ` + "`also`" + ` or ` + "`remedies`" + ` beside it.
- *remedy*: only in ` + "`remedies`" + ` or ` + "`args`" + `; it says only what to do.
- *plan*: a finding of ` + "`loadgate plan`" + `.
- *command*: how a command ended, in the outputs of the action, in JUnit's file and in annotations.

Where *what to do* is ` + "`remedies`" + `, the advice depends on the run: that list has it, if there is any.

This page is made from the program.
`

func TestCodesPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	of := origins(t)
	for _, s := range sections {
		b.WriteString("\n## " + s.heading +
			"\n\n| code | where | what it says | what to do |\n| --- | --- | --- | --- |\n")
		for _, code := range slices.Sorted(maps.Keys(s.words)) {
			w := s.words[code]
			says := readable(w.says)
			if w.title != "" {
				says = strings.TrimSuffix("**"+readable(w.title)+"**: "+says, ": ")
			}
			b.WriteString("| " + strings.Join([]string{
				"`" + string(code) + "`", where(code, of[code]), says, advice(code, of[code])}, " | ") + " |\n")
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Error("docs/codes.md is not what the program says; run: go test ./internal/report/wording -update")
	}
}

var argumentIn = regexp.MustCompile(`\{([a-z_]+)(:[^}]*)?\}`)

// readable is a template as people read it.
func readable(template string) string {
	text := strings.ReplaceAll(template, "|", " / ")
	text = strings.ReplaceAll(text, "<", "&lt;")
	return argumentIn.ReplaceAllString(text, "*$1*")
}

// frozen has each code with its arguments, one a line. What scripts may depend on is never taken out of
// it by -update: who removes or renames a code or an argument deletes its line by hand, and says so in
// CHANGELOG.md.
const frozen = "testdata/codes.txt"

func TestCodesAreStable(t *testing.T) {
	text, err := os.ReadFile(frozen)
	if err != nil {
		t.Fatal(err)
	}
	promised := map[reason.Code][]string{}
	for line := range strings.Lines(string(text)) {
		code, args, _ := strings.Cut(strings.TrimSpace(line), ":")
		promised[reason.Code(code)] = strings.Fields(args)
	}
	lines := map[reason.Code][]string{}
	for code, args := range promised {
		has := argumentsOf(all[code])
		if _, ok := all[code]; !ok {
			t.Errorf("the code %s is gone; scripts may compare it", code)
		}
		for _, arg := range args {
			if !slices.Contains(has, arg) {
				t.Errorf("the argument %s of %s is gone; scripts may read it", arg, code)
			}
		}
		lines[code] = args
	}
	added := false
	for code, w := range all {
		for _, arg := range argumentsOf(w) {
			if !slices.Contains(lines[code], arg) {
				lines[code], added = append(lines[code], arg), true
			}
		}
		if _, ok := lines[code]; !ok {
			lines[code], added = nil, true
		}
	}
	switch {
	case added && !*update:
		t.Errorf("%s lacks codes or arguments; run: go test ./internal/report/wording -update", frozen)
	case added:
		var b strings.Builder
		for _, code := range slices.Sorted(maps.Keys(lines)) {
			slices.Sort(lines[code])
			b.WriteString(strings.TrimSpace(string(code)+": "+strings.Join(lines[code], " ")) + "\n")
		}
		if err := os.WriteFile(frozen, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// argumentsOf are the arguments that words name.
func argumentsOf(w words) (names []string) {
	for _, m := range argumentIn.FindAllStringSubmatch(w.title+w.says+w.todo+w.brief, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// constants are the codes by the names of their constants.
func constants(t *testing.T) map[string]reason.Code {
	t.Helper()
	codes := map[string]reason.Code{}
	for _, file := range sources(t, "../../reason") {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
				if text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value); err == nil {
					codes[spec.Names[0].Name] = reason.Code(text)
				}
			}
			return true
		})
	}
	return codes
}

// Every code has words, every word has its code, and each code is used.
func TestCodesAreComplete(t *testing.T) {
	codes, names := map[reason.Code]string{}, map[string]bool{}
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, file := range sources(t, "../../reason") {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			name, code := spec.Names[0].Name, reason.Code(text)
			switch {
			case err != nil || !form.MatchString(text):
				t.Errorf("%s is %s: a code is words of a-z and 0-9 with hyphens", name, text)
			case codes[code] != "":
				t.Errorf("%s and %s are both %q", codes[code], name, code)
			}
			codes[code], names[name] = name, false
			if _, worded := all[code]; !worded {
				t.Errorf("%s (%s) has no words", name, code)
			}
			return true
		})
	}
	total := 0
	for _, s := range sections {
		total += len(s.words)
		for code := range s.words {
			if codes[code] == "" {
				t.Errorf("words for %q, which is no code", code)
			}
		}
	}
	if total != len(all) {
		t.Errorf("%d words for %d codes: one is worded twice", total, len(all))
	}
	for _, file := range sources(t, "../..") {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "reason" {
					names[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !names[name] {
			t.Errorf("reason.%s is not used", name)
		}
	}
}

// sources are the Go files below a folder, without tests and without the words themselves.
func sources(t *testing.T, folder string) []*ast.File {
	t.Helper()
	var files []*ast.File
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.Contains(filepath.ToSlash(path), "report/wording") || !strings.Contains(path, "/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		files = append(files, file)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s: %v", len(files), folder, err)
	}
	return files
}

func TestFill(t *testing.T) {
	args := reason.Args{"n": int64(1234), "one": 1, "names": []string{"a", "b", "c"}, "who": "x {n} [y]", "empty": "",
		"few": 0.3333, "many": 1904.6}
	for template, want := range map[string]string{
		"plain":                                "plain",
		"{n} of {n:digits}":                    "1,234 of 1234",
		"{n:request}, {one:request}":           "1,234 requests, 1 request",
		"{names}; {names:named}":               "a, b, c; a and 2 more",
		"a[ and {who}]":                        "a and x {n} [y]",
		"a[ and {empty}]b[ {missing}]c":        "abc",
		"[{missing}|{n}] left":                 "1,234 left",
		"[{missing} [{n}|x]|[{empty}|z{one}]]": "z1",
		"{missing}":                            "{missing}",
		"{few:expected}, {many:expected}":      "0.3, 1,905",
	} {
		if got := fill(template, args); got != want {
			t.Errorf("fill(%q) = %q, want %q", template, got, want)
		}
	}
}
