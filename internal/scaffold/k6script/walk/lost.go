package walk

import (
	"fmt"
	"reflect"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/file"
)

// LookForLost says which requests of the script are in nothing that was read: none is lost silently.
func (s *Script) LookForLost() {
	seen := map[uintptr]bool{}
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Interface:
			visit(v.Elem())
		case reflect.Pointer:
			if v.IsNil() || seen[v.Pointer()] || v.Type() == reflect.TypeFor[*file.File]() {
				return
			}
			seen[v.Pointer()] = true
			if call, ok := v.Interface().(*ast.CallExpression); ok && s.requests(call) && !s.asked[call.Idx0()] {
				line := s.line(call.Idx0())
				s.Look(fmt.Sprintf("line %d: this request is in nothing that is read, and left out", line))
			}
			visit(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					visit(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		}
	}
	for _, st := range s.program.Body {
		visit(reflect.ValueOf(st))
	}
}

// requests says whether a call makes a request, by what its module is called in the script.
func (s *Script) requests(call *ast.CallExpression) bool {
	var f builtin
	switch callee := call.Callee.(type) {
	case *ast.Identifier:
		f, _ = s.global.values[callee.Name.String()].(builtin)
	case *ast.DotExpression:
		if module, ok := callee.Left.(*ast.Identifier); ok {
			if of, ok := s.global.values[module.Name.String()].(builtin); ok {
				f = of + "." + builtin(callee.Identifier.Name.String())
			}
		}
	}
	_, one := requestMethods[f]
	return one || f == "http.request" || f == "http.asyncRequest" || f == "http.batch"
}
