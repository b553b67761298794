package walk

import (
	"reflect"
	"slices"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/file"
)

// LookForLost says which requests of the script are in nothing that was read: none is lost silently.
func (s *Script) LookForLost() {
	seen := map[uintptr]bool{}
	var waiting []reflect.Value // a list and no calls of itself: a script may be a long chain
	for _, st := range slices.Backward(s.program.Body) {
		waiting = append(waiting, reflect.ValueOf(st))
	}
	for len(waiting) > 0 {
		s.work++
		v := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		switch v.Kind() {
		case reflect.Interface:
			waiting = append(waiting, v.Elem())
		case reflect.Pointer:
			if v.IsNil() || seen[v.Pointer()] || v.Type() == reflect.TypeFor[*file.File]() {
				continue
			}
			seen[v.Pointer()] = true
			switch e := v.Interface().(type) {
			case *ast.CallExpression:
				s.lookForLost(e, e.Callee)
			case *ast.NewExpression:
				s.lookForLost(e, e.Callee)
			}
			waiting = append(waiting, v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if at := v.NumField() - 1 - i; v.Type().Field(at).IsExported() {
					waiting = append(waiting, v.Field(at))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				waiting = append(waiting, v.Index(v.Len()-1-i))
			}
		}
	}
}

// lookForLost says of a call that nothing read whether it sends something.
func (s *Script) lookForLost(e, callee ast.Expression) {
	if s.asked[e.Idx0()] {
		return
	}
	if call, is := e.(*ast.CallExpression); is && s.requests(call) {
		s.lookAt(e, "this request is in nothing that is read, and left out")
	} else if f, is := s.foreignIn(callee); is && f.missing() != "" {
		s.lookAt(e, "in nothing that is read: "+f.missing())
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
