package manifest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/unit"
)

// Largest is how many bytes the files of a run may have in all: the limit of a ConfigMap.
const Largest = 1 << 20

// keyForm is what a key of a ConfigMap looks like, as its API says; longestKey is in bytes.
var keyForm = regexp.MustCompile(`^[-._a-zA-Z0-9]+$`)

const longestKey = 253

// configMap is the fields of the ConfigMap of files, and the items that put each one at its path. A name that is no
// key gets one: its place among the files.
func configMap(files fleet.Files) (fields []any, items *yaml.Node, err error) {
	size := 0
	for _, content := range files {
		size += len(content)
	}
	if size > Largest {
		return nil, nil, fmt.Errorf("the files of the load have %s bytes, and a ConfigMap of Kubernetes holds at most "+
			"%s (1 MiB): shorten the data files", unit.Grouped(int64(size)), unit.Grouped(Largest))
	}
	var data, binary []any
	items = list()
	for i, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(name, "..") {
			return nil, nil, fmt.Errorf("%q: no file of a ConfigMap begins with two dots: rename it", name)
		}
		key := keyOf(name, i, files)
		if content := files[name]; utf8.Valid(content) {
			data = append(data, key, string(content))
		} else {
			binary = append(binary, key, base64.StdEncoding.EncodeToString(content))
		}
		items.Content = append(items.Content, mapping("key", key, "path", name))
	}
	if data != nil {
		fields = append(fields, "data", mapping(data...))
	}
	if binary != nil {
		fields = append(fields, "binaryData", mapping(binary...))
	}
	return fields, items, nil
}

// keyOf is the key of a file: its name, or a number that no other file is called.
func keyOf(name string, place int, files fleet.Files) string {
	if isKey(name) {
		return name
	}
	key := fmt.Sprintf("file-%d", place+1)
	for _, taken := files[key]; taken; _, taken = files[key] {
		key += "-"
	}
	return key
}

func isKey(name string) bool {
	return keyForm.MatchString(name) && len(name) <= longestKey && name != "." && !strings.HasPrefix(name, "..")
}
