package result

import (
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
)

// settle finds the cause of a failure in a document of a version that wrote none, by the words
// of its detail. Nothing else reads details.
func (f *Failure) settle() {
	if f.Cause != metric.NoCause || f.Location != "" {
		return
	}
	begins := func(words string) bool { return strings.HasPrefix(f.Detail, words) }
	switch {
	case f.Kind == metric.Refused && begins("this machine "):
		f.Cause = metric.OwnMachine
	case f.Kind == metric.TooLarge && begins("the answer's head is larger than"):
		f.Cause = metric.LargeHead
	case f.Kind != metric.Redirect:
	case begins("redirects in a circle"):
		f.Cause = metric.RedirectCircle
	case begins("more than "):
		f.Cause = metric.RedirectChain
	case begins("answers ") && strings.HasSuffix(f.Detail, " without a Location"):
		f.Cause = metric.RedirectNowhere
	case begins("redirects to ") && strings.HasSuffix(f.Detail, "allow list"):
		f.Cause = metric.RedirectForbidden
	case begins("redirects "):
		f.Cause = metric.RedirectBroken
	case begins("answers "):
		_, f.Location, _ = strings.Cut(f.Detail, " to ")
	}
}
