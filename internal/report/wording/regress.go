package wording

import "github.com/loadgate/loadgate/internal/reason"

var regressWords = table{
	reason.ConfirmationCut:   {says: "did not come to its end"},
	reason.ConfirmationUnfit: {says: "says nothing: its generator was {was:title}"},
}
