package reason

// What a plan says of a limit before anything is sent, and what would raise the chance of a
// decision.
const (
	PlanTooShort     Code = "plan-too-short"
	PlanNeverShown   Code = "plan-never-shown"
	PlanTooFew       Code = "plan-too-few-requests"
	PlanNoRequests   Code = "plan-no-requests"
	PlanEndsTogether Code = "plan-ends-together"
	PlanUsersUnknown Code = "plan-users-unknown"
	PlanFloorTooHigh Code = "plan-floor-too-high"
	PlanFloorNear    Code = "plan-floor-near"
	PlanArrivals     Code = "plan-arrivals"
	PlanStages       Code = "plan-stages"

	PlanLongerStages   Code = "plan-longer-stages"
	PlanMoreRounds     Code = "plan-more-rounds"
	PlanHigherRate     Code = "plan-higher-rate"
	PlanMoreStarts     Code = "plan-more-starts"
	PlanBeyondAutoPace Code = "plan-beyond-auto-pace"
	PlanHigherPace     Code = "plan-higher-pace"
	PlanMoreUsers      Code = "plan-more-users"

	PlanStagesOffer Code = "plan-stages-offer"
	PlanRateOffers  Code = "plan-rate-offers"
	PlanUsersOffer  Code = "plan-users-offer"

	PlanStagesRoom Code = "plan-stages-leave-room"
	PlanRateRoom   Code = "plan-rate-leaves-room"
	PlanUsersRoom  Code = "plan-users-leave-room"
)
