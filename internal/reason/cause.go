package reason

// Causes: why a run went as it did.
const (
	RateLimiter Code = "rate-limiter"
)
