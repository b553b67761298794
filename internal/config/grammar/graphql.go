package grammar

import (
	"fmt"
	"strings"
)

func graphQLShape() *shape {
	word := &scalar{name: "GraphQL name", json: "string", example: "Items",
		pattern: wholeText(`[A-Za-z_][A-Za-z0-9_]*`), parse: parseGraphQLName}
	file := &shape{kind: ObjectKind, name: "query file", fields: []field{
		{key: "file", shape: scalarOf(fileText), required: true, doc: "A file below this file's folder, sent as it is.",
			example: "file: queries/items.graphql"},
	}}
	return &shape{kind: ObjectKind, name: "graphql", fields: []field{
		{key: "query", shape: choice("text or file", scalarOf(documentText), file), required: true,
			doc: "The document: what is sent as query, also of a mutation. ${ } is not filled in; it belongs in " +
				"variables.",
			example: "query: 'query Items($page: Int) { items(page: $page) { id } }'"},
		{key: "variables", shape: mapOf(word, treeShape()), doc: "Values of its variables, named without $; a " +
			"value that is one ${ } keeps its type.", def: "none", example: "variables: {page: '${ int(1, 9) }'}"},
		{key: "operation", shape: scalarOf(word), doc: "Which of the document's operations is meant.",
			def: "the only one", example: "operation: Items"},
	}}
}

// documentText is a GraphQL document, which config reads when it knows where the text is.
var documentText = &scalar{name: "GraphQL document", json: "string",
	example: `'query Items { items { id } }'`, pattern: visible, parse: notEmpty}

func parseGraphQLName(text string) (any, error) {
	if name, ok := strings.CutPrefix(text, "$"); ok {
		return nil, fmt.Errorf("%q has a $, which only the query writes; write %s", text, name)
	}
	return text, nil
}
