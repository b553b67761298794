package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/unit"
)

// plainPath is an expression that only walks into an answer.
var plainPath = regexp.MustCompile(`^body((\??\.[A-Za-z_][A-Za-z0-9_]*)|(\[[0-9]+\])|(\["[^"\\]*"\]))*$`)

var pathStep = regexp.MustCompile(`\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]|\["([^"\\]*)"\]`)

// without says what is missing of an expression that is nil. A key that is not
// there is a mistake; a null, and an item of a list that is too short, may come
// with the load.
func without(expression string, body []byte) error {
	whole := fmt.Sprintf("the answer has no %s", expression)
	path := strings.TrimSpace(expression)
	var at any
	if !plainPath.MatchString(path) || json.Unmarshal(body, &at) != nil {
		return errors.New(whole)
	}
	walked := "body"
	for _, step := range pathStep.FindAllStringSubmatch(path, -1) {
		if list, ok := at.([]any); ok && step[2] != "" {
			i, err := strconv.Atoi(step[2])
			if err != nil || i >= len(list) {
				return absent("%s: %s has %s", whole, walked, unit.Counted(len(list), "item"))
			}
			at, walked = list[i], walked+step[0]
			continue
		}
		key := step[1] + step[3]
		object, ok := at.(map[string]any)
		switch {
		case at == nil:
			return absent("%s: %s is null", whole, walked)
		case !ok || key == "":
			return fmt.Errorf("%s: %s is not an object with keys, it is %s",
				whole, walked, safetext.Quoted(fmt.Sprint(at), 40))
		}
		next, there := object[key]
		if !there {
			return fmt.Errorf("%s: %s has no %s%s", whole, walked,
				shown(key), near(key, slices.Collect(maps.Keys(object))))
		}
		at, walked = next, walked+step[0]
	}
	return absent("%s: it is null", whole)
}
