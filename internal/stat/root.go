package stat

import "math"

// point is a place and what a function is there.
type point struct{ x, y float64 }

// root is the x between two places, at which a continuous function f has different signs, where f is 0: to some 1e-13
// of it. It halves the stretch until f is nearly straight there, and then goes where a parabola is 0, which takes a
// dozen calls in the place of fifty (Chandrupatla, A new hybrid quadratic/bisection algorithm for finding the zero of
// a nonlinear function without using derivatives, Advances in Engineering Software 28, 1997).
func root(f func(float64) float64, low, high point) float64 {
	const relative, absolute, most = 1e-13, 1e-15, 100
	newest, other := low, high // of different signs
	part := 0.5                // of the way from the newest to the other
	for range most {
		x := newest.x + part*(other.x-newest.x)
		at := point{x, f(x)}
		left := newest // is no end of the stretch any more
		if (at.y < 0) != (newest.y < 0) {
			left, other = other, newest
		}
		newest = at
		best := newest
		if math.Abs(other.y) < math.Abs(newest.y) {
			best = other
		}
		least := (relative*math.Abs(best.x) + absolute) / math.Abs(other.x-newest.x)
		if best.y == 0 || least > 0.5 {
			return best.x
		}
		part = 0.5
		x, y := (newest.x-other.x)/(left.x-other.x), (newest.y-other.y)/(left.y-other.y)
		if y*y < x && (1-y)*(1-y) < 1-x { // a parabola through the three stays between the ends
			part = newest.y/(other.y-newest.y)*left.y/(other.y-left.y) +
				(left.x-newest.x)/(other.x-newest.x)*newest.y/(left.y-newest.y)*other.y/(left.y-other.y)
		}
		part = min(max(part, least), 1-least)
	}
	return (newest.x + other.x) / 2
}
