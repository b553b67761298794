package usage

import (
	"regexp"
	"slices"
)

// Optional is a flag whose value is optional, and what can only be meant as its value, right or wrong.
type Optional struct {
	Names []string // with their dashes
	Like  *regexp.Regexp
}

// JoinOptional joins such flags with a value in the next argument: the library does not look there.
func JoinOptional(args []string, all ...Optional) []string {
	var joined []string
	for i, arg := range args {
		if arg == "--" {
			return append(joined, args[i:]...)
		}
		n := len(joined)
		if n > 0 && slices.ContainsFunc(all, func(o Optional) bool {
			return slices.Contains(o.Names, joined[n-1]) && o.Like.MatchString(arg)
		}) {
			joined[n-1] += "=" + arg
			continue
		}
		joined = append(joined, arg)
	}
	return joined
}
