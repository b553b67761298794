package testport_test

import (
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/loadgate/loadgate/internal/testport"
)

// Ports are free, none is given twice, and none is one that the system gives to others.
func TestFree(t *testing.T) {
	var mu sync.Mutex
	seen := map[int]bool{}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			port, err := testport.Free()
			if err != nil || port < 10_000 || port > 29_999 {
				t.Errorf("Free() = %d, %v", port, err)
				return
			}
			l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Close()
			mu.Lock()
			defer mu.Unlock()
			if seen[port] {
				t.Errorf("%d was given twice", port)
			}
			seen[port] = true
		})
	}
	all.Wait()
}
