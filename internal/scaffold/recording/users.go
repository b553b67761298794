package recording

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// user is what one user did, in its order.
type user []*entry

// usersOf are the users whose requests a recorder kept: a connection is a user. A browser is one, whatever its
// connections are, and so are connections of which each begins when another has ended: clients that open one for
// each request, or a test after another. Known says whether think times can be seen: not where several users had
// a connection for each request.
func usersOf(all []*entry) (users []user, known bool) {
	const browser = 0
	of := map[int64]user{}
	for _, e := range all {
		n := e.Connection
		if strings.HasPrefix(Header(e.Request.Headers, "user-agent"), "Mozilla/") {
			n = browser
		}
		of[n] = append(of[n], e)
	}
	connections := slices.SortedFunc(maps.Values(of), func(a, b user) int {
		return cmp.Or(a[0].Begun.Compare(b[0].Begun), cmp.Compare(a[0].Connection, b[0].Connection))
	})
	for _, c := range connections {
		at := slices.IndexFunc(users, func(u user) bool { return !u[len(u)-1].end().After(c[0].Begun) })
		if at < 0 || len(users) >= mostUsers {
			users = append(users, c)
			continue
		}
		users[at] = append(users[at], c...)
	}
	const each = 1.5 // requests of a connection, on average, that are hardly more than one
	return users, len(users) < 2 || float64(len(all)) >= each*float64(len(connections))
}

// mostUsers bounds the users among whom one that has ended is looked for.
const mostUsers = 2000

// took is how long an answer takes, on average.
func took(users []user) time.Duration {
	sum, n := time.Duration(0), 0
	for _, u := range users {
		for _, e := range u {
			sum, n = sum+max(e.Took, 0), n+1
		}
	}
	return sum / time.Duration(max(n, 1))
}
