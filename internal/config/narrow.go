package config

import "slices"

// Narrowed is the file for a load that has only some of its groups, with their weights in that load: without the
// others, and without the rules, patterns and exceptions that speak of nothing but what only the others send.
// LeftOut and Unasked name what is missing. A rule that matches nothing at all is kept: it is a mistake, and not
// the load's choice. Names that the file does not have are ignored.
func (s *Config) Narrowed(to []Share) *Config {
	narrow := *s
	narrow.Groups, narrow.Transactions, narrow.Rules = nil, nil, nil
	narrow.LeftOut, narrow.Unasked = slices.Clone(s.LeftOut), slices.Clone(s.Unasked)
	for _, g := range s.Groups {
		at := slices.IndexFunc(to, func(share Share) bool { return share.Group == g.Name })
		if at < 0 {
			narrow.LeftOut = append(narrow.LeftOut, g.Name)
			continue
		}
		if to[at].Weight > 0 {
			g.Weight = to[at].Weight
		}
		narrow.Groups = append(narrow.Groups, g)
	}
	for _, t := range s.Transactions {
		in := func(step Step) bool { return step.counted(t) }
		if narrow.any(in) || !s.any(in) {
			narrow.Transactions = append(narrow.Transactions, t)
		}
	}
	for _, r := range s.Rules {
		if r.Patterns = narrow.asked(s, r.Patterns); r.Patterns == nil || !narrow.sends(r) {
			narrow.Unasked = append(narrow.Unasked, r.Name)
			continue
		}
		r.Except = narrow.exceptions(s, r.Except)
		narrow.Rules = append(narrow.Rules, r)
	}
	narrow.Baseline.Except = narrow.exceptions(s, s.Baseline.Except)
	return &narrow
}

// Without is the file without some of its groups; see Narrowed.
func (s *Config) Without(groups []string) *Config {
	var rest []Share
	for _, g := range s.Groups {
		if !slices.Contains(groups, g.Name) {
			rest = append(rest, Share{Group: g.Name})
		}
	}
	if len(rest) == len(s.Groups) { // as of a run that is judged while it goes on
		return s
	}
	return s.Narrowed(rest)
}

// OfLoad is the file for one load of a profile, by its name: without the rules that are about others. Those without a
// list of loads are about all, and a load without a name has only those.
func (s *Config) OfLoad(name string) *Config {
	other := func(r Rule) bool { return len(r.Loads) > 0 && !slices.Contains(r.Loads, name) }
	if !slices.ContainsFunc(s.Rules, other) {
		return s
	}
	own := *s
	own.Rules = slices.DeleteFunc(slices.Clone(s.Rules), other)
	return &own
}

// Unloaded is the file that OfLoad made of a whole one, where the other loads were left out: the rules that it does not
// have of a profile are unasked.
func (s *Config) Unloaded(whole *Config, profile string) *Config {
	own := *s
	own.Unasked = slices.Clone(s.Unasked)
	for _, r := range whole.Rules {
		same := func(other Rule) bool { return other.Name == r.Name }
		if r.Applies(profile) && len(r.Loads) > 0 && !slices.ContainsFunc(s.Rules, same) &&
			!slices.Contains(own.Unasked, r.Name) {
			own.Unasked = append(own.Unasked, r.Name)
		}
	}
	return &own
}

// Together is the file without the rules about some groups of users, and those rules.
func (s *Config) Together() (rest *Config, byUsers []Rule) {
	own := *s
	own.Rules = nil
	for _, r := range s.Rules {
		if len(r.Users) > 0 {
			byUsers = append(byUsers, r)
		} else {
			own.Rules = append(own.Rules, r)
		}
	}
	if byUsers == nil {
		return s, nil
	}
	return &own, byUsers
}

// OfUsers is the file for some of its groups alone, with those of the rules that are about just them.
func (s *Config) OfUsers(groups []string, rules []Rule) *Config {
	var shares []Share
	for _, g := range groups {
		shares = append(shares, Share{Group: g})
	}
	own := s.Narrowed(shares)
	own.Rules = nil
	for _, r := range rules {
		if slices.Equal(r.Users, groups) {
			r.Users = nil
			own.Rules = append(own.Rules, r)
		}
	}
	return own
}

// sends says whether the file has a group that the rule is about.
func (s *Config) sends(r Rule) bool {
	return slices.ContainsFunc(s.Groups, func(g Group) bool { return r.About(g.Name) })
}

// asked keeps the patterns that match something in the narrowed file, or nothing in the whole one; nil: none.
func (s *Config) asked(whole *Config, patterns []string) []string {
	var kept []string
	for _, pattern := range patterns {
		if s.has(pattern) || !whole.has(pattern) {
			kept = append(kept, pattern)
		}
	}
	return kept
}

// exceptions is asked for a list of them.
func (s *Config) exceptions(whole *Config, list []Exception) []Exception {
	var kept []Exception
	for _, x := range list {
		if x.Patterns = s.asked(whole, x.Patterns); x.Patterns != nil {
			kept = append(kept, x)
		}
	}
	return kept
}

// has says whether a pattern matches an endpoint or a transaction of the file.
func (s *Config) has(pattern string) bool {
	one := []string{pattern}
	whole := func(t *Transaction) bool { return Matches(one, t.Name, false, true) }
	return slices.ContainsFunc(s.Transactions, whole) ||
		s.any(func(step Step) bool { return Matches(one, step.Endpoint, step.Once.Any(), false) })
}

// any says whether some step of the groups is so.
func (s *Config) any(is func(Step) bool) bool {
	for step := range s.Steps() {
		if is(step) {
			return true
		}
	}
	return false
}
