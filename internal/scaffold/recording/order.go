package recording

import "slices"

// order is how the users of a group send their requests: some once, in the beginning, and the others in turn or
// in random order.
type order struct {
	start int // how many are sent once
	turn  int // how many are sent in turn after them; 0: they come in random order
}

// What one user did is taken for random where so many requests are so often the same ones: nobody writes down a
// way of sixty requests to three addresses.
const (
	fewRequests = 20
	oftenSame   = 4
)

// orderOf finds the order from what each user sent, as numbers of the same request.
func orderOf(traces [][]int) order {
	longest := slices.MaxFunc(traces, func(a, b []int) int { return len(a) - len(b) })
	for start := 0; start <= min(len(longest)/2, mostStart); start++ {
		turn := period(longest[start:])
		if 2*turn <= len(longest)-start && follow(traces, longest[:start+turn], start) {
			return order{start, turn}
		}
	}
	once := follow(traces, longest, 0)
	if once && (len(traces) > 1 || len(longest) < fewRequests || len(longest) < oftenSame*distinct(longest)) {
		return order{0, len(longest)}
	}
	return order{start: onlyFirst(traces)}
}

// mostStart is how many requests before others are found.
const mostStart = 10

// period is the least number of requests after which a trace begins again. It is that of Knuth, Morris and
// Pratt: the trace's length without its longest border.
func period(trace []int) int {
	border := make([]int, len(trace)+1)
	border[0] = -1
	for i, k := 0, -1; i < len(trace); i++ {
		for k >= 0 && trace[i] != trace[k] {
			k = border[k]
		}
		k++
		border[i+1] = k
	}
	return len(trace) - border[len(trace)]
}

// follow says whether every trace is the way from its beginning, whose end from a place on comes again and again.
func follow(traces [][]int, way []int, again int) bool {
	for _, t := range traces {
		for i, n := range t {
			if i >= len(way) {
				i = again + (i-again)%(len(way)-again)
			}
			if n != way[i] {
				return false
			}
		}
	}
	return true
}

func distinct(trace []int) int {
	seen := map[int]bool{}
	for _, n := range trace {
		seen[n] = true
	}
	return len(seen)
}

// fewUsers are too few to tell what users do once: it may be chance.
const fewUsers = 3

// onlyFirst is how many requests every user sends first and never again.
func onlyFirst(traces [][]int) (n int) {
	if len(traces) < fewUsers {
		return 0
	}
	counts := map[int]int{}
	for _, t := range traces {
		for _, r := range t {
			counts[r]++
		}
	}
	for ; n < mostStart; n++ {
		for _, t := range traces {
			if len(t) <= n+1 || t[n] != traces[0][n] {
				return n
			}
		}
		if counts[traces[0][n]] != len(traces) {
			return n
		}
	}
	return n
}
