package thresholds_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/loadgate/loadgate/internal/thresholds"
	"gopkg.in/yaml.v3"
)

// Whatever text is in the place of a value or key, each mistake is one line of
// moderate length, without characters that control a terminal.
func TestMistakesAreOneLine(t *testing.T) {
	src, err := os.ReadFile(corpus + "/good/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file yaml.Node
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	o := thresholds.Options{Files: os.DirFS(corpus + "/good")}
	longest, seen, nodes := "", 0, 0
	check := func(n *yaml.Node) {
		texts := []string{
			"y\n::error::pwned\x1b[31m\u2028\u202e" + strings.Repeat("z", 500),
			"/y " + strings.Repeat("z ::error:: ", 50) + "\u0085\x7f",
			"POST " + strings.Repeat("Z", 500), "${ " + strings.Repeat("zz + ", 110) + "\x1b }",
			"http://" + strings.Repeat("z.", 250), "y.csv" + strings.Repeat("/\x1bz", 180),
		}
		nodes++
		chosen := texts[:1]
		if nodes%3 == 0 {
			chosen = []string{texts[0], texts[1+nodes/3%(len(texts)-1)]}
		}
		for _, text := range chosen {
			whole := *n
			n.Value, n.Tag, n.Style = text, "!!str", yaml.DoubleQuotedStyle
			changed, err := yaml.Marshal(&file)
			*n = whole
			if err != nil {
				t.Fatal(err)
			}
			_, err = thresholds.Decode(changed, "thresholds.yaml", o)
			list, _ := errors.AsType[thresholds.Errors](err)
			for _, e := range list {
				said := e.Error()
				seen++
				if len(said) > len(longest) {
					longest = said
				}
				if i := strings.IndexFunc(said, func(c rune) bool {
					return unicode.IsControl(c) || c == '\u2028' || c == '\u202e'
				}); i >= 0 {
					t.Errorf("%q in the place of %q: %q has a control character", text[:20], n.Value, said)
				}
				if len(said) > 440 {
					t.Errorf("%q in the place of %q: %q has %d bytes", text[:20], n.Value, said, len(said))
				}
			}
		}
	}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			check(n)
		}
		for _, c := range n.Content {
			visit(c)
		}
	}
	visit(&file)
	if seen < 500 {
		t.Errorf("%d mistakes, want some of every key", seen)
	}
	t.Logf("%d mistakes, the longest: %s", seen, longest)
}
