// Package expr is the one expression language of thresholds.yaml: `${ }`,
// expect, when, capture and vars compile here, are type-checked when the file
// is read, and run per virtual user with a seeded source of chance. It does
// not know what a step, a rule or a request is.
package expr

import (
	"math/rand/v2"
	"time"
)

type Error struct {
	Offset  int
	Message string
}

func (e *Error) Error() string { return e.Message }

type Type uint8

const (
	Any Type = iota
	Bool
	Int
	Float
	String
	Time
	List
	Map
)

type Scope struct{}

func NewScope(getenv func(name string) (string, bool), allowed []string) *Scope { return &Scope{} }
func (s *Scope) With(name string, t Type) *Scope                                { return s }
func (s *Scope) WithRecord(name string, fields map[string]Type) *Scope          { return s }
func (s *Scope) WithResponse() *Scope                                           { return s }
func (s *Scope) Has(name string) bool                                           { return false }
func Reserved(name string) bool                                                 { return false }
func ValidName(name string) bool                                                { return true }

type Program struct{}

func (s *Scope) Compile(source string) (*Program, error)     { return nil, nil }
func (s *Scope) CompileBool(source string) (*Program, error) { return nil, nil }
func (p *Program) Type() Type                                { return Any }
func (p *Program) String() string                            { return "" }
func (p *Program) Eval(env *Env) (any, error)                { return nil, nil }
func (p *Program) Bool(env *Env) (bool, error)               { return false, nil }
func (p *Program) UsesBody() bool                            { return false }

type Template struct{}
type Hole struct {
	Source, Name string
	Start, End   int
}

func (s *Scope) Template(text string) (*Template, error)           { return nil, nil }
func (t *Template) Static() (string, bool)                         { return "", false }
func (t *Template) Append(dst []byte, env *Env) ([]byte, error)    { return dst, nil }
func (t *Template) AppendURL(dst []byte, env *Env) ([]byte, error) { return dst, nil }
func (t *Template) Type() Type                                     { return Any }
func (t *Template) Value(env *Env) (any, error)                    { return nil, nil }
func (t *Template) Holes() []Hole                                  { return nil }
func (t *Template) String() string                                 { return "" }
func (t *Template) UsesBody() bool                                 { return false }

type Value struct{}
type Member struct {
	Key   string
	Value *Value
}

func TextValue(t *Template) *Value                               { return nil }
func Const(v any) *Value                                         { return nil }
func Object(members []Member) *Value                             { return nil }
func Array(items []*Value) *Value                                { return nil }
func (v *Value) Static() bool                                    { return false }
func (v *Value) Type() Type                                      { return Any }
func (v *Value) Eval(env *Env) (any, error)                      { return nil, nil }
func (v *Value) AppendJSON(dst []byte, env *Env) ([]byte, error) { return dst, nil }

type Env struct{}

func NewEnv(rand *rand.Rand, now func() time.Time, user, users int) *Env            { return nil }
func (e *Env) Set(name string, value any)                                           {}
func (e *Env) Get(name string) (any, bool)                                          { return nil, false }
func (e *Env) Unset(name string)                                                    {}
func (e *Env) SetResponse(status int, header func(name string) string, body []byte) {}
func (e *Env) ClearResponse()                                                       {}
