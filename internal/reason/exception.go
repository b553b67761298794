package reason

// What the exceptions of the file come to.
const (
	ExceptionIdle    Code = "exception-idle"
	ExceptionNear    Code = "exception-near"
	ExceptionsLeave  Code = "exceptions-leave-nothing"
	ExceptionEnded   Code = "exception-ended"
	ExceptionProlong Code = "exception-prolong"
)
