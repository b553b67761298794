package expr_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/expr"
)

// What fails for want of a value says so, whatever the operator or function is: loadgate names the capture then.
func TestOfNil(t *testing.T) {
	for _, source := range []string{
		`unset + 1`, `1 + unset`, `unset - 1`, `2 * unset`, `unset / 2`, `7 % unset`, `unset ** 2`, `-unset`, `+unset`,
		`unset < 1`, `1 >= unset`, `unset ? 1 : 2`, `not unset`, `unset and true`, `true and unset`, `unset or false`,
		`unset[0]`, `unset.id`, `unset[1:]`, `rows[unset:]`, `1..unset`, `"a" in unset`, `unset contains "a"`,
		`unset startsWith "a"`, `"a" endsWith unset`, `unset matches "a"`, `any(unset, true)`, `map(unset, #)`,
		`filter(unset, # > 1)`, `sortBy(unset, #)`, `sum(unset)`, `count(unset, true)`, `find(unset, true)`,
		`upper(unset)`, `lower(unset)`, `trim(unset)`, `split(unset, ",")`, `join(unset)`, `join([unset])`,
		`replace(unset, "a", "b")`, `repeat("a", unset)`, `len(unset)`, `first(unset)`, `last(unset)`, `min(unset, 1)`,
		`max(1, unset)`, `abs(unset)`, `round(unset)`, `floor(unset)`, `ceil(unset)`, `mean([unset])`, `median(unset)`,
		`sort(unset)`, `uniq(unset)`, `concat(unset, [1])`, `list(unset, 1)`, `toBase64(unset)`, `fromBase64(unset)`,
		`fromJSON(unset)`, `string(unset)`, `int(unset)`, `float(unset)`, `keys(unset)`, `values(unset)`, `days(unset)`,
		`int(1, unset)`, `pick(unset)`, `sha256(unset)`, `hmac("sha256", "k", unset)`, `urlencode(unset)`,
		`date(unset)`, `now() + unset`, `indexOf(unset, "a")`, `hasPrefix(unset, "a")`, `flatten(unset)`,
		`reverse(unset)`, `take(unset, 1)`, `random(unset)`, `uniform(1, unset)`, `weighted(unset)`,
		`format("%d", unset)`,
	} {
		p, err := newScope().With("unset", expr.Any).Compile(source)
		if err != nil {
			continue // the language has no such function, or it takes no value of any type
		}
		if _, err := p.Eval(newAnswered()); err != nil && !expr.OfNil(err) {
			t.Errorf("%s: %q does not say that a value is nil", source, err)
		}
	}
}
