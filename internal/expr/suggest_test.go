package expr_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/expr"
)

func TestNearest(t *testing.T) {
	words := []string{"id", "p95", "name", "fame", "pace", "Duration", "GET /items/{id}", "öde"}
	for _, tt := range []struct {
		name, written, want string
	}{
		{"the word itself", "pace", "pace"},
		{"a letter missing", "nme", "name"},
		{"a letter too many", "p950", "p95"},
		{"two letters changed places", "pcae", "pace"},
		{"another case", "NAME", "name"},
		{"a mistake in another case", "durration", "Duration"},
		{"equally near: the first", "game", "name"},
		{"a third of many letters", "GET /itms/{no}", "GET /items/{id}"},
		{"letters are not bytes", "öäü", ""},
		{"more than a third", "duplication", ""},
		{"two of three letters", "nap", ""},
		{"half of two letters", "ix", "id"},
		{"all of one letter", "x", ""},
		{"nothing", "", ""},
	} {
		near, ok := expr.Nearest(tt.written, words)
		if near != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: Nearest(%q) = %q, %v, want %q", tt.name, tt.written, near, ok, tt.want)
		}
	}
	if near, ok := expr.Nearest("pace", nil); ok {
		t.Errorf("Nearest of no words = %q, want none", near)
	}
}
