package openapi

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// resolvePaths puts what a path refers to in its place, wherever in the description it is, and says
// whether one did. The library drops such paths of Swagger 2.0, and those that lead in a circle,
// without a word.
func resolvePaths(tree map[string]any) (changed bool, err error) {
	paths, _ := tree["paths"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		item, ok := paths[name].(map[string]any)
		if !ok || refOf(item) == "" {
			continue
		}
		first := refOf(item)
		if item, err = follow(tree, item); err != nil {
			return false, err
		}
		if !hasAny(item, pathKeys) {
			return false, fmt.Errorf("it refers to %s, which is no path", first)
		}
		paths[name], changed = item, true
	}
	return changed, nil
}

// resolveParts puts parameters and responses of Swagger 2.0 in the place of references to them that
// lead elsewhere than where Swagger keeps them: the library takes what is there for one of OpenAPI 3.
// What cannot be found is left to the library, which says it.
func resolveParts(tree map[string]any) {
	part := func(v any, home string, keys ...string) (any, bool) {
		m, _ := v.(map[string]any)
		if ref := refOf(m); ref == "" || strings.HasPrefix(ref, home) {
			return nil, false
		}
		to, err := follow(tree, m)
		return to, err == nil && hasAny(to, keys)
	}
	parameters := func(of map[string]any) {
		list, _ := of["parameters"].([]any)
		for i, p := range list {
			if to, ok := part(p, "#/parameters/", "in"); ok {
				list[i] = to
			}
		}
	}
	paths, _ := tree["paths"].(map[string]any)
	for _, item := range paths {
		item, _ := item.(map[string]any)
		parameters(item)
		for _, op := range item {
			op, _ := op.(map[string]any)
			parameters(op)
			responses, _ := op["responses"].(map[string]any)
			for status, r := range responses {
				if to, ok := part(r, "#/responses/", "description", "schema"); ok {
					responses[status] = to
				}
			}
		}
	}
}

// pathKeys are those of which a path that is referred to has one at least.
var pathKeys = []string{"get", "head", "options", "post", "put", "patch", "delete", "trace", "parameters"}

func hasAny(m map[string]any, keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return m[key] != nil })
}

// refOf is what a part of a description refers to; empty: nothing.
func refOf(m map[string]any) string {
	ref, _ := m["$ref"].(string)
	return ref
}

// follow is what a part of a description refers to, with what is next to the reference, which
// holds where both say something. It is a copy: what is referred to may hold the reference.
func follow(tree, item map[string]any) (map[string]any, error) {
	item = maps.Clone(item)
	for seen := []string{}; refOf(item) != ""; {
		ref := refOf(item)
		switch {
		case !strings.HasPrefix(ref, "#"):
			return nil, fmt.Errorf("it refers to %s, and what is external to it is not read: bundle it into one file",
				ref)
		case slices.Contains(seen, ref):
			return nil, fmt.Errorf("it refers to %s, which leads back to itself", ref)
		}
		seen = append(seen, ref)
		at, ok := pointedAt(tree, ref)
		if !ok {
			return nil, fmt.Errorf("it refers to %s, which is not in it", ref)
		}
		to, ok := at.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("it refers to %s, which is not what is needed there", ref)
		}
		delete(item, "$ref")
		to = maps.Clone(to)
		maps.Copy(to, item)
		item = to
	}
	return item, nil
}

// pointedAt is what a pointer leads to, which is never the whole description.
func pointedAt(tree map[string]any, ref string) (any, bool) {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil, false
	}
	if plain, err := url.PathUnescape(pointer); err == nil {
		pointer = plain
	}
	var at any = tree
	for _, part := range strings.Split(pointer, "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch in := at.(type) {
		case map[string]any:
			if at, ok = in[part]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			at = in[i]
		default:
			return nil, false
		}
	}
	return at, true
}
