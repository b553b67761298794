package locustfile

import "github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"

// class is a class of the file.
type class struct {
	name    string
	def     *syntax.Node
	bases   []string                // as they are written
	attrs   map[string]*syntax.Node // values of the class
	methods map[string]*syntax.Node
	tasks   []taskRef // of @task, in their order
	nested  map[string]*class
}

// taskRef is a task with its weight.
type taskRef struct {
	def    *syntax.Node // of a function; nil: it is a class
	class  *class
	weight int
}

// role is what a class is for Locust.
type role int

const (
	other role = iota
	httpUser
	taskSet
	sequential
	shape
	foreign // it inherits from what is not in the file
)
