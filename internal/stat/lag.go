package stat

// LagWeight is how many times the 99th percentile of its lag a late generator
// may have added to a latency: once by sending late, and once more by reading
// late or by keeping a service on the same machine from running.
const LagWeight = 2

// WithoutLag is what of a latency Q from the actual send the lag l of the
// generator cannot explain:
//
//	Q' = Q - 2 l
//
// in the unit of its arguments. False: nothing is left, and Q' is not above 0.
func WithoutLag(q, lag float64) (left float64, ok bool) {
	left = q - LagWeight*lag
	return left, left > 0
}
