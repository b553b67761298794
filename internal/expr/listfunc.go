package expr

import (
	"maps"
	"slices"

	"github.com/expr-lang/expr/builtin"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// The functions on lists and maps. Those that range over a map do it in the
// order of its keys, so that a run can be repeated.
var listFunctions = []*function{
	{
		name: "len", usage: "len(list)", params: []class{sized}, least: 1, result: intType,
		call: func(_ *Env, args []any) (any, error) { return builtin.Len(args[0]), nil },
	},
	{
		name: "first", usage: "first(list)", params: []class{listed}, least: 1,
		call: func(_ *Env, args []any) (any, error) { return dynamic.Lookup(args[0], 0), nil },
	},
	{
		name: "last", usage: "last(list)", params: []class{listed}, least: 1,
		call: func(_ *Env, args []any) (any, error) { return dynamic.Lookup(args[0], -1), nil },
	},
	{
		name: "take", usage: "take(list, 3)", params: []class{listed, whole}, least: 2, result: listType,
		call: func(_ *Env, args []any) (any, error) {
			items, n := args[0].([]any), args[1].(int)
			return items[:min(max(n, 0), len(items))], nil
		},
	},
	{
		name: "keys", usage: "keys(map)", params: []class{keyed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) {
			members := args[0].(map[string]any)
			keys, _ := dynamic.ListOf(slices.Sorted(maps.Keys(members)))
			return keys, e.chargeItems(len(keys))
		},
	},
	{
		name: "values", usage: "values(map)", params: []class{keyed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) {
			members := args[0].(map[string]any)
			values := make([]any, 0, len(members))
			for _, key := range slices.Sorted(maps.Keys(members)) {
				values = append(values, members[key])
			}
			return values, e.chargeItems(len(values))
		},
	},
	{
		name: "reverse", usage: "reverse(list)", params: []class{listed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) {
			items := slices.Clone(args[0].([]any))
			slices.Reverse(items)
			return items, e.chargeItems(len(items))
		},
	},
	{
		name: "uniq", usage: "uniq(list)", params: []class{listed}, least: 1, result: listType, call: uniq,
	},
	{
		name: "concat", usage: "concat(list, list)", params: []class{listed},
		least: 1, variadic: true, result: listType,
		call: func(e *Env, args []any) (any, error) {
			items := []any{}
			for _, list := range args {
				if err := e.chargeItems(len(list.([]any))); err != nil {
					return nil, err
				}
				items = append(items, list.([]any)...)
			}
			return items, nil
		},
	},
	{
		name: "flatten", usage: "flatten(list)", params: []class{listed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) { return flatten(e, nil, args[0].([]any)) },
	},
	{
		name: "sort", usage: "sort(list)", params: []class{listed}, least: 1, result: listType, call: sortItems,
	},
}

func uniq(e *Env, args []any) (any, error) {
	kept := []any{}
	for _, item := range args[0].([]any) {
		if err := e.chargeItems(1 + len(kept)); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(kept, func(other any) bool { return dynamic.Equal(item, other) }) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

func flatten(e *Env, flat, items []any) ([]any, error) {
	if flat == nil {
		flat = []any{}
	}
	for _, item := range items {
		if err := e.chargeItems(1); err != nil {
			return nil, err
		}
		nested, ok := dynamic.ListOf(item)
		if !ok {
			flat = append(flat, item)
			continue
		}
		var err error
		if flat, err = flatten(e, flat, nested); err != nil {
			return nil, err
		}
	}
	return flat, nil
}

func sortItems(e *Env, args []any) (any, error) {
	items := slices.Clone(args[0].([]any))
	if err := e.chargeItems(len(items)); err != nil {
		return nil, err
	}
	var failed error
	slices.SortStableFunc(items, func(a, b any) int {
		c, err := dynamic.Compare(a, b)
		if err != nil && failed == nil {
			failed = err
		}
		return c
	})
	return items, failed
}
