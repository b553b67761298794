package yamlfix

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"
)

// parse reads the one document of a file. The library panics on odd input;
// that is an error like any other here.
func parse(src []byte) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("not readable as YAML: %v", r)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, err
	default:
		return nil, &secondDocument{second.Line, second.Column}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	return document.Content[0], nil
}

// secondDocument is a file with more than one document in it.
type secondDocument struct{ line, column int }

func (*secondDocument) Error() string {
	return "a second document begins here; keep one and leave the --- out"
}

var yamlError = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)$`)

// lineOf is the line that the parser's error names; 0 for none.
func lineOf(err error) int {
	if parts := yamlError.FindStringSubmatch(err.Error()); parts != nil {
		line, _ := strconv.Atoi(parts[1]) // "" is 0
		return line
	}
	return 0
}
