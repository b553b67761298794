package expr

// Uses says whether an expression of the template reads that name.
func (t *Template) Uses(name string) bool {
	for _, h := range t.Holes() {
		if h.Name == name {
			return true
		}
	}
	return false
}
