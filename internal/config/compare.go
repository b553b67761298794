package config

// PolicyOf says how an endpoint, or transaction, of a profile is compared with
// earlier runs: by the last rule that applies to it, else by the baseline section.
func (s *Config) PolicyOf(endpoint string, transaction bool, profile string) RegressionPolicy {
	found, _, _ := s.Compares(endpoint, transaction, profile)
	return found
}

// Compares is PolicyOf with the exception of the endpoint, if there is one, and its
// rule, empty for the baseline section. An exception that counts has no policy; one
// that has ended changes nothing. An endpoint that is left out of a rule which loosens
// the comparison gets no stricter one instead: no other policy applies, unless a later
// rule does.
func (s *Config) Compares(endpoint string, transaction bool, profile string) (
	found RegressionPolicy, e *Exception, rule string,
) {
	found = s.Baseline.Policy
	take := func(policy RegressionPolicy, list []Exception, by string) {
		found, e, rule = policy, nil, by
		if one, ok := ExceptionOf(list, endpoint, false, transaction); ok {
			if e = &one; !one.Ended {
				found = RegressionPolicy{}
			}
		}
	}
	take(s.Baseline.Policy, s.Baseline.Except, "")
	for _, r := range s.Rules {
		if r.Policy == nil || !r.Applies(profile) || !Matches(r.Patterns, endpoint, false, transaction) {
			continue
		}
		if none := len(r.Policy.Regressions) == 0; none && !r.applies(endpoint, false, transaction) {
			continue // left out of what is not compared
		}
		take(*r.Policy, r.Except, r.Name)
	}
	return found, e, rule
}
