package spec

import (
	"errors"
	"fmt"
	"strings"
)

// Profile returns the profile of that name; for "", the file's default, else
// its only one. The error lists what there is to choose from.
func (s *Spec) Profile(name string) (Profile, error) {
	if name == "" {
		name = s.DefaultProfile
	}
	if name == "" && len(s.Profiles) == 1 {
		return s.Profiles[0], nil
	}
	names := make([]string, 0, len(s.Profiles))
	for _, p := range s.Profiles {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if name == "" {
		return Profile{}, errors.New("several profiles and no default_profile; choose one with --profile: " + strings.Join(names, ", "))
	}
	return Profile{}, fmt.Errorf("no profile %q; %s", name, instead(name, names, "the file has"))
}
