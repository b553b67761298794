package loanword_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/loanword"
)

var update = flag.Bool("update", false, "write the tables of the pages")

// marked is a table of a page that this test compares with the words, and writes
// with -update.
var marked = regexp.MustCompile(`(?s)<!-- (flags|keys) of ([A-Za-z0-9]+) -->\n(.*?)<!-- end -->`)

// The pages list every word of their tools, and say of it what the program says.
func TestPages(t *testing.T) {
	for name, tool := range map[string]string{"from-locust.md": "Locust", "from-k6.md": "k6"} {
		path := "../../docs/" + name
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		tables := 0
		want := marked.ReplaceAllStringFunc(string(text), func(old string) string {
			m := marked.FindStringSubmatch(old)
			if m[2] != tool {
				t.Errorf("%s has a table of %s", name, m[2])
			}
			tables++
			place := map[string]loanword.Place{"flags": loanword.Flag, "keys": loanword.Key}[m[1]]
			return fmt.Sprintf("<!-- %s of %s -->\n%s<!-- end -->", m[1], m[2], table(tool, place))
		})
		if tables != 2 {
			t.Errorf("%s has %d tables of words, want flags and keys", name, tables)
		}
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(want, string(text)); diff != "" {
			t.Errorf("%s differs from the words; go test ./internal/loanword -update writes it (-want +got):\n%s",
				name, diff)
		}
	}
}

// table lists words, those of one remedy in one line.
func table(tool string, place loanword.Place) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | loadgate has | so |\n| --- | --- | --- |\n", tool)
	words := loanword.Of(tool, place)
	for i := 0; i < len(words); {
		var texts []string
		first := words[i]
		for ; i < len(words) && words[i].Remedy() == first.Remedy(); i++ {
			text := "`" + words[i].Text + "`"
			if words[i].Short != "" {
				text += " `" + words[i].Short + "`"
			}
			if words[i].In != "" {
				text += " in a " + words[i].In
			}
			texts = append(texts, text)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(texts, ", "), first.Has, first.Write)
	}
	return b.String()
}

// A word is found in whatever case and with either sign between its parts; two
// words of one place are never spelled alike.
func TestFind(t *testing.T) {
	for _, tt := range []struct {
		place   loanword.Place
		written string
		has     string // empty: unknown
	}{
		{loanword.Flag, "--vus", "--users"},
		{loanword.Flag, "--VUS", "--users"},
		{loanword.Flag, "--exclude_tags", "a file for each choice of steps"},
		{loanword.Flag, "-T", "a file for each choice of steps"},
		{loanword.Flag, "-t", ""},
		{loanword.Flag, "vus", ""},
		{loanword.Key, "vus", "users in a profile"},
		{loanword.Key, "wait-time", "wait in a group"},
		{loanword.Key, "", ""},
		{loanword.Format, "pdf", "a page of the result that a browser prints"},
		{loanword.Command, "attack", "loadgate run"},
	} {
		if w, ok := loanword.Find(tt.place, tt.written); w.Has != tt.has || ok != (tt.has != "") {
			t.Errorf("Find(%d, %q) = %q, %t; want %q", tt.place, tt.written, w.Has, ok, tt.has)
		}
	}
	for _, tt := range []struct{ object, written, has string }{
		{"stage", "target", "users or rate in a stage"},
		{"profile", "target", "users in a profile"},
		{"stage", "vus", "users in a profile"},
		{"group", "target", ""},
	} {
		if w, ok := loanword.FindIn(tt.object, tt.written); w.Has != tt.has || ok != (tt.has != "") {
			t.Errorf("FindIn(%q, %q) = %q, %t; want %q", tt.object, tt.written, w.Has, ok, tt.has)
		}
	}
	if w, ok := loanword.Find(loanword.Key, "target"); ok {
		t.Errorf("Find(target) = %q: it is a key of loadgate", w.Has)
	}
	seen := map[string]bool{}
	for _, w := range loanword.Words() {
		key := fmt.Sprint(w.Place, w.In, w.Text)
		if seen[key] || w.Text == "" || w.Has == "" || w.Write == "" || len(w.Tools) == 0 {
			t.Errorf("%q is here twice, or is not whole", w.Text)
		}
		seen[key] = true
	}
}
