package result

import "slices"

// apart says whether a row is of one group of users, beside those of others.
func apart(e *Endpoint) bool { return e.Place.Users != "" }

// Pooled is the result with one row for each endpoint, whichever group sends it: what it would be if no rule told
// groups apart. It shares with r what nobody changes, and is r where there is nothing to pool, or where a histogram is
// damaged.
func (r *Result) Pooled() *Result {
	if !slices.ContainsFunc(r.rows(), apart) {
		return r
	}
	return r.pool(func(Endpoint) bool { return true })
}

// OfUsers is what some groups of users did, as if they were the only ones: their requests, pooled, and the plan for
// them. What is of the run as a whole, such as the timeline, stays.
func (r *Result) OfUsers(groups []string) *Result {
	own := *r.pool(func(e Endpoint) bool { return slices.Contains(groups, e.Place.Users) })
	own.Planned = r.Planned.clone()
	own.Planned.Groups = slices.DeleteFunc(own.Planned.Groups,
		func(g Group) bool { return !slices.Contains(groups, g.Name) })
	return &own
}

// pool joins the wanted rows of one name.
func (r *Result) pool(wanted func(Endpoint) bool) *Result {
	own := *r
	for _, list := range []*[]Endpoint{&own.Endpoints, &own.Transactions} {
		var joined []Endpoint
		for _, e := range *list {
			if !wanted(e) {
				continue
			}
			e.Place.Users = ""
			var err error
			if joined, err = addRows(joined, []Endpoint{e}); err != nil {
				return r
			}
		}
		*list = joined
	}
	return &own
}
