package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// read reads a description. Swagger 2.0 is converted, and references from path to path
// are resolved. Texts that YAML takes for numbers or times, as in version: 1.0, become
// texts again.
func read(src []byte) (*openapi3.T, error) {
	src, err := input.Text(src)
	if err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err != nil {
		if err := input.OtherKind(src, "--openapi"); err != nil {
			return nil, err
		}
		return nil, yamlError(src, err)
	}
	changed := asTexts(&root, "", 0)
	var tree map[string]any
	err = root.Decode(&tree)
	if err != nil && len(root.Content) > 0 && root.Content[0].Kind == yaml.MappingNode { // such as a key twice
		doc, err := openapi3.NewLoader().LoadFromData(src)
		return doc, plainError(err)
	}
	if err != nil || tree["openapi"] == nil && tree["swagger"] == nil {
		if err := input.OtherKind(src, "--openapi"); err != nil {
			return nil, err
		}
		return nil, errors.New("it is not an OpenAPI description: it has no openapi or swagger that says its version")
	}
	jsonTree(tree)
	replaced, err := resolvePaths(tree)
	if err != nil {
		return nil, err
	}
	changed = replaced || changed
	var doc *openapi3.T
	if version := fmt.Sprint(tree["swagger"]); tree["swagger"] != nil && (version == "2.0" || version == "2") {
		tree["swagger"] = "2.0"
		resolveParts(tree)
		doc, err = fromSwagger(tree)
	} else if !changed {
		doc, err = openapi3.NewLoader().LoadFromData(src)
	} else {
		var text []byte
		if text, err = json.Marshal(tree); err == nil {
			doc, err = openapi3.NewLoader().LoadFromData(text)
		}
	}
	return doc, plainError(err)
}

// textKeys are keys of a description whose values are texts.
var textKeys = regexp.MustCompile(`^(openapi|version|title|summary|description|operationId|tags|pattern|format|name|` +
	`\$ref|propertyName)$`)

// asTexts turns values that should be texts, and all times, into texts, and says
// whether there were any. Examples and the like stay as they are.
func asTexts(n *yaml.Node, key string, depth int) (changed bool) {
	if depth > 100 {
		return false
	}
	switch n.Kind {
	case yaml.ScalarNode:
		plain := slices.Contains([]string{"!!int", "!!float", "!!bool"}, n.Tag)
		if n.Tag == "!!timestamp" || textKeys.MatchString(key) && plain {
			n.Tag = "!!str"
			return true
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			at := n.Content[i].Value
			if slices.Contains([]string{"example", "examples", "default", "enum", "const"}, key) {
				at = key // as it is, but for times
			}
			changed = asTexts(n.Content[i+1], at, depth+1) || changed
		}
	default:
		for _, c := range n.Content {
			changed = asTexts(c, key, depth+1) || changed
		}
	}
	return changed
}

// localHost is this machine, with a port or without.
var localHost = regexp.MustCompile(`^(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?$`)

func fromSwagger(tree map[string]any) (*openapi3.T, error) {
	text, err := json.Marshal(tree)
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

// jsonTree is a tree of YAML as JSON has it: all keys are texts.
func jsonTree(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			v[key] = jsonTree(child)
		}
		return v
	case map[any]any:
		out := map[string]any{}
		for key, child := range v {
			out[fmt.Sprint(key)] = jsonTree(child)
		}
		return out
	case []any:
		for i, child := range v {
			v[i] = jsonTree(child)
		}
	}
	return v
}
