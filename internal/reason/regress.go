package reason

// What the comparison with earlier runs, or with the other side of pairs, comes to.
const (
	ConfirmationCut   Code = "confirmation-cut"
	ConfirmationUnfit Code = "confirmation-unfit"
)
