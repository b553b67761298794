package reason

// Whether the load was made as it was planned.
const (
	ArrivalsDropped        Code = "arrivals-dropped"
	ArrivalsDroppedWaiting Code = "arrivals-dropped-users-waiting"
	LoadLate               Code = "load-late"
	LoadUnexplained        Code = "load-unexplained"
	LoadUsersWaited        Code = "load-users-waited"
	LoadStepsLeftOut       Code = "load-steps-left-out"
	LoadNotMade            Code = "load-not-made"
	RequestsMade           Code = "requests-made"
	WaitForAnswers         Code = "wait-for-answers"
	WaitForRepeats         Code = "wait-for-repeats"
	RequestsUnsent         Code = "requests-unsent"
	ExpressionWithoutValue Code = "expression-without-value"
	EndpointsUnasked       Code = "endpoints-unasked"
	BreakingPoint          Code = "breaking-point"
	LimitsHeld             Code = "limits-held"
	NoStageHeld            Code = "no-stage-held"
)
