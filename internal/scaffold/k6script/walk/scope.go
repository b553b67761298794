package walk

// scope holds the names of a block.
type scope struct {
	above  *scope
	values map[string]value
	depth  int // how many conditions that are not known it is below
}

func newScope(above *scope, depth int) *scope {
	return &scope{above: above, values: map[string]value{}, depth: depth}
}

// find is the scope that has a name; nil: none has.
func (s *scope) find(name string) *scope {
	for ; s != nil; s = s.above {
		if _, has := s.values[name]; has {
			return s
		}
	}
	return nil
}
