package evidence

// OfUsers is the run as if some groups of users were all that there are, with the rules about just them.
func OfUsers(e *Run, groups []string) *Run {
	own := Gather(Input{Result: e.apart.OfUsers(groups), Ongoing: e.Ongoing,
		Config: e.Config.OfUsers(groups, e.ByUsers)})
	if own.Window != e.Window {
		own = own.Stretch(e.Window)
	}
	return own
}
