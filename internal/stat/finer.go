package stat

import "math"

// DetectableWith is what Detectable would be with so many earlier runs that
// scatter as those do that the shift rests on, as a share:
//
//	err'(1) = err(1) sqrt((1 + 1/n) / (1 + 1/N)) ;  DF' = DF + n - N
//	exp((t_{.99,DF'} + t_{.95,DF'}) err'(1)) - 1
//
// with N the shift's runs. 0 where the shift is not OK, or n below N.
func (s Shift) DetectableWith(n int) float64 {
	if !s.OK || n < s.Runs {
		return 0
	}
	N, more := float64(s.Runs), float64(n)
	err := s.ErrOne * math.Sqrt((1+1/more)/(1+1/N))
	t := student(s.DF + more - N)
	return math.Expm1((t.quantile(.99) + t.quantile(.95)) * err)
}
