package dynamic

import (
	"strconv"

	"github.com/tidwall/gjson"
)

// locate returns the one value at a path of names and indices within whole,
// which must be of valid JSON. ok is false when the path leads nowhere.
//
// An answer is read for one or two of its values, on the hot path of a load
// generator. Building maps of all the others costs several times as much as
// stepping over them.
//
// Note: gjson has paths of its own. Ours are not turned into those: there a
// name may be a pattern, a query or a modifier, "0" is both a name and an
// index, and of members with one name the first counts.
func locate(whole gjson.Result, path []any) (value gjson.Result, ok bool) {
	value = whole
	for _, key := range path {
		switch k := key.(type) {
		case string:
			value, ok = memberOf(value, k)
		case int:
			value, ok = itemOf(value, k)
		}
		if !ok {
			return gjson.Result{}, false
		}
	}
	return value, true
}

// memberOf returns a member of an object. Of members with one name the last
// counts, as it does for encoding/json; unlike there, a name that is not
// Unicode text is compared by its bytes.
func memberOf(object gjson.Result, name string) (value gjson.Result, ok bool) {
	if !object.IsObject() {
		return value, false
	}
	object.ForEach(func(key, member gjson.Result) bool {
		if key.Str == name {
			value, ok = member, true
		}
		return true
	})
	return value, ok
}

// itemOf returns an item of an array. A negative index counts from its end.
func itemOf(array gjson.Result, index int) (value gjson.Result, ok bool) {
	if !array.IsArray() {
		return value, false
	}
	if index < 0 {
		index += int(array.Get("#").Int())
	}
	if index < 0 {
		return value, false
	}
	value = array.Get(strconv.Itoa(index))
	return value, value.Exists()
}
