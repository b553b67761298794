package grammar

import (
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/yamlfix"
)

// Every example of the grammar can be read where it is said to stand.
func TestExamples(t *testing.T) {
	for name, object := range objects() {
		for _, f := range fields(object) {
			t.Run(name+"."+f.key, func(t *testing.T) {
				m := &mistake.List{}
				node, text, ok := yamlfix.Parse([]byte(f.example), "example", m,
					func(*yaml.Node, yamlfix.Text) (none yamlfix.Misfits) { return none })
				if !ok {
					t.Fatalf("example %q: %v", f.example, m.All)
				}
				alone := *object
				alone.one, alone.fields = nil, slices.Clone(object.fields)
				for i := range alone.fields {
					alone.fields[i].required = false
				}
				newWalker(text, m).walk(&alone, node, "")
				if err := m.Err(func(text string, _ ...string) string { return text }); err != nil {
					t.Errorf("example %q is wrong: %v", f.example, err)
				}
			})
		}
	}
}
