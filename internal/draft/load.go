package draft

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"
)

// load reads a description. Swagger 2.0 is converted, and paths that refer to
// another path of it are that path.
func load(src []byte) (*openapi3.T, error) {
	var tree map[string]any
	if yaml.Unmarshal(src, &tree) != nil { // whose own message says less than the loader's
		return openapi3.NewLoader().LoadFromData(src)
	}
	changed := inlined(tree)
	if version := fmt.Sprint(tree["swagger"]); tree["swagger"] != nil && (version == "2.0" || version == "2") {
		tree["swagger"] = "2.0"
		return converted(tree)
	}
	if !changed {
		return openapi3.NewLoader().LoadFromData(src)
	}
	text, err := json.Marshal(plainTree(tree))
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(text)
}

func converted(tree map[string]any) (*openapi3.T, error) {
	text, err := json.Marshal(plainTree(tree))
	if err != nil {
		return nil, err
	}
	var old openapi2.T
	if err := json.Unmarshal(text, &old); err != nil {
		return nil, err
	}
	if host := old.Host; len(old.Schemes) == 0 && localHost.MatchString(host) {
		old.Schemes = []string{"http"} // else it would be https, as of hosts that are far
	}
	doc, err := openapi2conv.ToV3(&old)
	if err != nil {
		return nil, fmt.Errorf("convert Swagger 2.0: %w", err)
	}
	if err := openapi3.NewLoader().ResolveRefsIn(doc, nil); err != nil {
		return nil, fmt.Errorf("convert Swagger 2.0: %w", err)
	}
	return doc, nil
}

// localHost is this machine, with a port or without.
var localHost = regexp.MustCompile(`^(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?$`)

// inlined puts what a path refers to in its place, and says whether one did.
func inlined(tree map[string]any) (changed bool) {
	paths, ok := tree["paths"].(map[string]any)
	if !ok {
		return false
	}
	for name, item := range paths {
		for range 8 { // of references to references
			m, ok := item.(map[string]any)
			if !ok {
				break
			}
			ref, ok := m["$ref"].(string)
			if !ok {
				break
			}
			to, ok := pointed(tree, ref)
			if !ok {
				break // the loader says it
			}
			item, changed = to, true
		}
		paths[name] = item
	}
	return changed
}

// aPath is a pointer to a path: of paths, of components, or of an extension. Others
// could lead to what they are in.
var aPath = regexp.MustCompile(`^#/(paths|components/pathItems|x-[^/]+)/([^/]+)$`)

// pointed is what a pointer to another path of the description leads to.
func pointed(tree map[string]any, ref string) (any, bool) {
	m := aPath.FindStringSubmatch(ref)
	if m == nil {
		return nil, false
	}
	var at any = tree
	for _, part := range strings.Split(m[1], "/") {
		in, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		at = in[part]
	}
	in, _ := at.(map[string]any)
	to, ok := in[strings.NewReplacer("~1", "/", "~0", "~", "%7B", "{", "%7D", "}").Replace(m[2])]
	return to, ok
}

// plainTree is a tree of YAML as JSON has it: all keys are texts.
func plainTree(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			v[key] = plainTree(child)
		}
		return v
	case map[any]any:
		out := map[string]any{}
		for key, child := range v {
			out[fmt.Sprint(key)] = plainTree(child)
		}
		return out
	case []any:
		for i, child := range v {
			v[i] = plainTree(child)
		}
	}
	return v
}
