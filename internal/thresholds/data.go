package thresholds

import (
	"bytes"
	"path"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/table"
	"github.com/loadgate/loadgate/internal/expr"
)

// tables reads the data files and brings their fields into scope.
func (b *builder) tables(root *grammar.Value) {
	b.data = b.guess(b.shared, root, "data")
	for _, m := range root.Get("data").Members() {
		d := config.Data{Name: m.Key, Pos: m.Pos,
			Pick: map[string]config.Pick{"": config.PickUnique, "unique": config.PickUnique,
				"next": config.PickNext, "random": config.PickRandom,
				"once": config.PickOnce}[grammar.Or(m.Get("pick"), "")]}
		if file := m.Get("file"); file != nil {
			d.Rows = b.rows(file, grammar.Or(m.Get("delimiter"), ','))
			if k := m.Get("delimiter"); k != nil && path.Ext(file.Text) == ".json" {
				b.Add(k.Pos, k.Path, "a .json file has none; leave delimiter out")
			}
		}
		b.config.Data = append(b.config.Data, d)
		if len(d.Rows) == 0 {
			b.data = b.data.With(m.Key, expr.Any) // reported; its fields are not known
		} else {
			b.data = b.data.WithRecord(m.Key, fieldTypes(d.Rows))
		}
	}
}

func (b *builder) rows(v *grammar.Value, delimiter rune) []map[string]any {
	decode, ok := table.DecoderOf(path.Ext(v.Text), delimiter)
	if !ok {
		b.Add(v.Pos, v.Path, "%q is neither .csv nor .json; write a file of one of these kinds", v.Text)
		return nil
	}
	content := b.file(v)
	if content == nil {
		return nil
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		b.Add(v.Pos, v.Path, "%s is not UTF-8; save it as UTF-8", mistake.Show(v.Text))
		return nil
	}
	rows, err := decode(content)
	if err != nil {
		b.Add(v.Pos, v.Path, "%s%v", mistake.Show(v.Text), err)
	}
	return rows
}

// fieldTypes says what expressions may know of each field: its type when all
// rows agree.
func fieldTypes(rows []map[string]any) map[string]expr.Type {
	types := map[string]expr.Type{}
	seen := map[string]int{}
	for _, row := range rows {
		for name, v := range row {
			t := typeOf(v)
			if seen[name]++; seen[name] > 1 && types[name] != t {
				t = expr.Any
			}
			types[name] = t
		}
	}
	for name, n := range seen {
		if n < len(rows) {
			types[name] = expr.Any
		}
	}
	return types
}

func typeOf(v any) expr.Type {
	switch v.(type) {
	case bool:
		return expr.Bool
	case int:
		return expr.Int
	case float64:
		return expr.Float
	case string:
		return expr.String
	case []any:
		return expr.List
	case map[string]any:
		return expr.Map
	}
	return expr.Any
}
