package expr

import (
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// The functions on texts. Like those on lists and numbers they carry the names
// and the meaning of the library's own; those that make a text or a list are
// charged for it, and before it when it may be large.
var textFunctions = []*function{
	onOneText("upper", strings.ToUpper),
	onOneText("lower", strings.ToLower),
	{
		name: "trim", usage: `trim(text) or trim(text, "/")`, params: []class{textual, textual},
		least: 1, result: stringType,
		call: func(_ *Env, args []any) (any, error) {
			if len(args) == 1 {
				return strings.TrimSpace(args[0].(string)), nil
			}
			return strings.Trim(args[0].(string), args[1].(string)), nil
		},
	},
	onTwoTexts("trimPrefix", stringType, func(s, part string) any { return strings.TrimPrefix(s, part) }),
	onTwoTexts("trimSuffix", stringType, func(s, part string) any { return strings.TrimSuffix(s, part) }),
	onTwoTexts("hasPrefix", boolType, func(s, part string) any { return strings.HasPrefix(s, part) }),
	onTwoTexts("hasSuffix", boolType, func(s, part string) any { return strings.HasSuffix(s, part) }),
	onTwoTexts("indexOf", intType, func(s, part string) any { return strings.Index(s, part) }),
	onTwoTexts("lastIndexOf", intType, func(s, part string) any { return strings.LastIndex(s, part) }),
	{
		name: "split", usage: `split(text, ",")`, params: []class{textual, textual}, least: 2, result: listType,
		call: func(e *Env, args []any) (any, error) {
			s, sep := args[0].(string), args[1].(string)
			if err := e.chargeItems(strings.Count(s, sep) + 1); err != nil {
				return nil, err
			}
			items, _ := dynamic.ListOf(strings.Split(s, sep))
			return items, nil
		},
	},
	{
		name: "join", usage: `join(list, ", ")`, params: []class{listed, textual}, least: 1, result: stringType,
		call: join,
	},
	{
		name: "replace", usage: `replace(text, "old", "new")`,
		params: []class{textual, textual, textual}, least: 3, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			s, old, with := args[0].(string), args[1].(string), args[2].(string)
			if err := e.charge(len(s) + strings.Count(s, old)*len(with)); err != nil {
				return nil, err
			}
			return strings.ReplaceAll(s, old, with), nil
		},
	},
	{
		name: "repeat", usage: "repeat(text, 3)", params: []class{textual, whole}, least: 2, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			s, n := args[0].(string), args[1].(int)
			if n < 0 {
				return nil, fmt.Errorf("repeat needs a count of 0 or more, got %d", n)
			}
			if n > budgetBytes || e.charge(n*len(s)) != nil {
				return nil, errBudget
			}
			return strings.Repeat(s, n), nil
		},
	},
	{
		name: "string", usage: "string(value)", params: []class{anything}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			if text, ok := args[0].(string); ok {
				return text, nil
			}
			text, err := dynamic.AppendText(nil, args[0])
			if err != nil {
				text, err = dynamic.AppendJSON(nil, args[0])
			}
			return string(text), errors.Join(err, e.charge(len(text)))
		},
	},
	{
		name: "toJSON", usage: "toJSON(value)", params: []class{anything}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text, err := dynamic.AppendJSON(nil, args[0])
			return string(text), errors.Join(err, e.charge(len(text)))
		},
	},
	{
		name: "fromJSON", usage: "fromJSON(text)", params: []class{textual}, least: 1,
		call: func(e *Env, args []any) (any, error) {
			text := args[0].(string)
			if err := e.charge(len(text)); err != nil {
				return nil, err
			}
			value, ok := dynamic.ParseJSON([]byte(text))
			if !ok {
				return nil, fmt.Errorf("fromJSON(%s) is not JSON", dynamic.Show(text))
			}
			return value, nil
		},
	},
	onOneText("toBase64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
	{
		name: "fromBase64", usage: "fromBase64(text)", params: []class{textual}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text, err := base64.StdEncoding.DecodeString(args[0].(string))
			if err != nil {
				return nil, fmt.Errorf("fromBase64(%s) is not base64", dynamic.Show(args[0]))
			}
			return string(text), e.charge(len(text))
		},
	},
}

func onOneText(name string, change func(string) string) *function {
	return &function{
		name: name, usage: name + "(text)", params: []class{textual}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text := args[0].(string)
			return change(text), e.charge(len(text))
		},
	}
}

func onTwoTexts(name string, result reflect.Type, apply func(s, part string) any) *function {
	return &function{
		name: name, usage: name + `(text, "part")`, params: []class{textual, textual}, least: 2, result: result,
		call: func(_ *Env, args []any) (any, error) { return apply(args[0].(string), args[1].(string)), nil },
	}
}

func join(e *Env, args []any) (any, error) {
	separator := ""
	if len(args) == 2 {
		separator = args[1].(string)
	}
	var text []byte
	for i, item := range args[0].([]any) {
		before := len(text)
		if i > 0 {
			text = append(text, separator...)
		}
		var err error
		if text, err = dynamic.AppendText(text, item); err != nil {
			return nil, fmt.Errorf("join: %w", err)
		}
		if err := e.charge(len(text) - before); err != nil {
			return nil, err
		}
	}
	return string(text), nil
}
