package importer

import (
	"bufio"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// JMeter's JTL as CSV: the head says which columns there are. timeStamp is when
// a sample began, in milliseconds; elapsed is the whole of it. A transaction
// controller is a sample of its own over its children: it is left out, since its
// requests are there too.

var jtlHead = regexp.MustCompile(`^timeStamp,elapsed,label,`)

func sniffJTL(head string) bool { return jtlHead.MatchString(head) }

// jtlTransaction begins the message of a transaction controller.
const jtlTransaction = "Number of samples in transaction"

func readJTL(in *bufio.Reader, s *samples) error {
	return eachRow(in, nil, []string{"timeStamp", "elapsed", "label", "success"}, func(r row) error {
		if strings.HasPrefix(r.get("responseMessage"), jtlTransaction) {
			return nil
		}
		at, err := strconv.ParseInt(r.get("timeStamp"), 10, 64)
		if err != nil {
			return fmt.Errorf("timeStamp %q is no number of milliseconds: save it as ms", r.get("timeStamp"))
		}
		elapsed, err := strconv.ParseInt(r.get("elapsed"), 10, 64)
		if err != nil {
			return fmt.Errorf("elapsed %q is no whole number", r.get("elapsed"))
		}
		status, _ := strconv.Atoi(r.get("responseCode"))        // else it is a cause in words
		received, _ := strconv.ParseInt(r.get("bytes"), 10, 64) // absent: 0
		sent, _ := strconv.ParseInt(r.get("sentBytes"), 10, 64)
		x := sample{
			label: r.get("label"), address: r.get("URL"), latency: time.Duration(elapsed) * time.Millisecond,
			ended: time.UnixMilli(at + elapsed), status: status, received: received, sent: sent,
		}
		if x.address == "null" {
			x.address = ""
		}
		switch r.get("success") {
		case "true":
		case "false":
			words := strings.TrimSpace(r.get("failureMessage"))
			if words == "" {
				words = r.get("responseCode") + " " + r.get("responseMessage")
			}
			x.failure, x.detail = kindOfFailure(status, words), detailOf(status, words)
		default:
			return fmt.Errorf("success %q is neither true nor false", r.get("success"))
		}
		return s.add(x)
	})
}
