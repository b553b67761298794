package walk

// scope holds the names of a block.
type scope struct {
	above  *scope
	values map[string]value
	depth  int  // how many conditions that are not known it is below
	whole  bool // it is that of a function, or of the script: var declares there
}

func newScope(above *scope, depth int) *scope {
	return &scope{above: above, values: map[string]value{}, depth: depth}
}

// ofFunction is the scope of the function that a block is in.
func (s *scope) ofFunction() *scope {
	for !s.whole && s.above != nil {
		s = s.above
	}
	return s
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
