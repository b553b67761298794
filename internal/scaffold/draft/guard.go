package draft

import "strings"

// GuardCaptures lets the requests of a group in random order wait for what they show of the answers to others:
// they may be drawn first.
func (g *Group) GuardCaptures() {
	if !g.Weighted {
		return
	}
	for _, s := range g.Steps {
		var conditions []string
		for _, other := range g.Steps {
			for _, c := range other.Captures {
				if s != other && s.Uses(c.Name) {
					conditions = append(conditions, c.Name+" != nil")
				}
			}
		}
		s.When = strings.Join(conditions, " && ")
	}
}
