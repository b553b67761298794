package walk

import (
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/template"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// moduleValue is what a module of k6 gives under a name; empty: the module itself.
func moduleValue(module, name string) value {
	module, _, _ = strings.Cut(module, "?")
	switch module {
	case "k6":
		return builtin("k6." + name)
	case "k6/http":
		if name == "" || name == "default" {
			return builtin("http")
		}
		return builtin("http." + name)
	case "k6/encoding", "k6/execution", "k6/data", "k6/metrics", "k6/crypto":
		base := strings.TrimPrefix(module, "k6/")
		if name == "" || name == "default" {
			return builtin(base)
		}
		return builtin(base + "." + name)
	}
	if strings.HasPrefix(module, "https://jslib.k6.io/k6-utils/") {
		return builtin("utils." + name)
	}
	return foreign{module, name}
}

// property is a property of a value.
func (w *walk) property(at ast.Expression, of value, name string) value {
	switch v := of.(type) {
	case *object:
		if found, has := v.values[name]; has {
			return guarded(name, found)
		}
		return nil
	case *array:
		if name == "length" {
			return float64(len(v.items))
		}
		return bound{v, name}
	case text:
		if s, ok := known(v); ok && name == "length" {
			return float64(len([]rune(s)))
		}
		return bound{v, name}
	case builtin:
		return w.ofBuiltin(at, v, name)
	case *response:
		return w.ofResponse(v, name)
	case answer:
		return w.ofAnswer(v, name)
	case float64, whole, random, drawn, json:
		return bound{v, name}
	case foreign:
		if v.name == "" || v.name == "default" {
			return foreign{v.module, name}
		}
		return foreign{v.module, v.name + "." + name}
	case lost:
		return v
	}
	return w.lose(at)
}

func (w *walk) ofBuiltin(at ast.Expression, of builtin, name string) value {
	switch of {
	case "__ENV":
		if v, has := w.env[name]; has {
			return guarded(name, plain(v))
		}
		return text{parts: environment(name)}
	case "execution", "execution.vu", "execution.scenario", "execution.instance", "execution.test":
		full := string(of) + "." + name
		if full == "execution.vu.idInTest" || full == "execution.vu.idInInstance" {
			return code(UserNumber, nil)
		}
		if slices.Contains([]string{"vu", "scenario", "instance", "test", "abort"}, name) {
			return builtin(full)
		}
		return w.lose(at)
	case "k6.":
		return builtin("k6." + name)
	}
	return builtin(string(of) + "." + name)
}

// ofResponse is a property of an answer.
func (w *walk) ofResponse(r *response, name string) value {
	switch name {
	case "body":
		return answer{of: r.of, where: "body", text: true}
	case "status":
		return answer{of: r.of, where: "status"}
	case "headers":
		return answer{of: r.of, where: "headers"}
	}
	return bound{r, name}
}

// ofAnswer is a value within one of an answer.
func (w *walk) ofAnswer(a answer, name string) value {
	if a.text || name == "length" || name == "toString" || name == "includes" || len(a.where) > longestPlace {
		return bound{a, name}
	}
	return answer{of: a.of, where: within(a.where, name), key: name}
}

// longestPlace is how long an expression may be that finds a value.
const longestPlace = 400

// within is the expression for a value within another.
func within(where, name string) string {
	switch {
	case where != "headers" && name != "" && strings.Trim(name, "0123456789") == "":
		return where + "[" + name + "]"
	case where != "headers" && expr.ValidName(name) && !expr.Reserved(name):
		return where + "." + name
	}
	return where + "[" + template.Quote(name) + "]"
}

// path is the expression for a place as k6's json() writes it: items.0.id.
func path(where, place string) (expression, key string) {
	for _, name := range strings.Split(place, ".") {
		where, key = within(where, name), name
	}
	return where, key
}

// environment is a variable that the script reads.
func environment(name string) written.Text { return written.Text{{Env: name}} }

// UserNumber is the variable that has a number of its own for each user.
const UserNumber = "user_number"
