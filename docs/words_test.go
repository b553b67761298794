package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dialect are phrases that readers who had never seen the project had to read
// twice, and what to write in their place.
var dialect = []struct{ phrase, write string }{
	{"held against", "compared with"},
	{"holds against", "compares with"},
	{"meets both alike", "affects both equally"},
	{"tell as much as", "count as"},
	{"which rules that can decide", "which rules they can settle"},
	{"how near what holds", "how close the highest passing load is"},
	{"as no load would be", "with errors that load does not cause"},
	{"from what it turned away", "rejected requests are left out"},
	{"as a gauge is that nobody sets", "as if the service never sets it"},
	{"sent in its time", "sent on schedule"},
	{"can be told apart", "the difference is significant"},
	{"which is said", "a line says so"},
	{"takes no file is told", "is unwritable is reported"},
	{"stands what is", "lists what is"},
	{"is told under", "names"},
	{"told in a note", "a note says"},
	{"are told by what", "say what is wrong"},
	{"that fit one name", "matching this pattern"},
	{"what fits", "what matches"},
	{"wherein", "in which"},
	{"stands in a note", "a note shows"},
	{"stands on no", "is in no"},
	{"In brackets stands", "the brackets show"},
	{"what they are told by", "how they are found"},
	{"Judged are", "it judges"},
	{"is asked for twice", "is required twice"},
	{"looked at after an", "interim looks after an"},
	{"said of failures only", "failures only"},
	{"which is named", "and a note names it"},
	{"which still holds", "the highest load that passes"},
	{"gives no direction", "does not depend on the load"},
	{"in its warm-up too", "even in its warm-up"},
	{"Of a run and its confirmation", "if a run was confirmed"},
	{"Who verifies", "verify"},
	{"Whoever keeps", "keep"},
	{"The other way round", "in the other direction"},
	{"open a door", "are credentials"},
	{"fits no room", "fits no package"},
	{"calls back upstairs", "calls a higher floor"},
	{"came of it", "the outcome"},
	{"comes of it", "the outcome"},
	{"makes of it", "turns it into"},
	{"stands in the place", "replaces"},
	{"stand in the place", "replace"},
	{"stands twice", "is there twice"},
	{"stands beside", "is next to"},
	{"stand beside", "be next to, or be comparable with"},
	{"stands behind", "follows"},
	{"stand behind", "follow"},
	{"one behind the other", "in order"},
	{"behind one another", "joined"},
	{"goes on behind", "continues after"},
	{"told already", "reported already"},
	{"has been told", "has been reported"},
	{"is told of", "learns of"},
	{"nobody can take back", "is irreversible"},
	{"in its stead", "instead"},
	{"mend these", "fix these"},
	{"reads and reckons", "reads files and computes"},
	{"one named promise", "a named set of limits"},
	{"-> promises", "-> limits"},
}

// comment is where a comment goes on in the next line.
var comment = regexp.MustCompile(`\n\s*// `)

// Help, messages, comments and pages are in words that an engineer reads once.
func TestPlainWords(t *testing.T) {
	root := os.DirFS("..")
	read := 0
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path == ".git" || path == "docs/adr"): // decisions stay as they were written
			return fs.SkipDir
		case entry.IsDir(), path == "CHANGELOG.md", strings.HasSuffix(path, "_test.go"):
			return nil
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".md" && ext != ".yml" && ext != ".yaml" {
			return nil
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		read++
		plain := strings.Join(strings.Fields(comment.ReplaceAllString(string(text), " ")), " ")
		for _, d := range dialect {
			if strings.Contains(plain, d.phrase) {
				t.Errorf("%s: %q; write %q or the like", path, d.phrase, d.write)
			}
		}
		return nil
	})
	if err != nil || read < 400 {
		t.Errorf("read %d files: %v", read, err)
	}
}
