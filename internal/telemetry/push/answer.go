package push

import (
	"errors"
	"mime"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// errAnswer is an answer that is not in protobuf.
var errAnswer = errors.New("the answer is no message in protobuf")

// readAnswer is how many values the collector rejected, of the answer to a message that it took: an
// ExportMetricsServiceResponse, whose first field is the partial success, whose first field is the number.
//
// Note: the generated type lives in a package that brings gRPC along.
func readAnswer(body []byte) (rejected int64, err error) {
	err = fields(body, func(number protowire.Number, partial []byte, _ uint64) error {
		if number != 1 {
			return nil
		}
		return fields(partial, func(number protowire.Number, _ []byte, n uint64) error {
			if number == 1 {
				rejected = max(0, int64(n))
			}
			return nil
		})
	})
	return rejected, err
}

// message is what the body of a refusal says, behind a colon: a google.rpc.Status, whose second field is the message,
// or the first line of a text.
func message(contentType string, body []byte) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	said := ""
	switch kind {
	case "application/x-protobuf":
		_ = fields(body, func(number protowire.Number, text []byte, _ uint64) error {
			if number == 2 {
				said = string(text)
			}
			return nil
		})
	case "text/plain":
		said, _, _ = strings.Cut(strings.TrimSpace(string(body)), "\n")
	}
	if said == "" {
		return ""
	}
	return ": " + said
}

// fields calls visit with the fields of a message: their bytes, or their number.
func fields(b []byte, visit func(number protowire.Number, bytes []byte, n uint64) error) error {
	for len(b) > 0 {
		number, kind, size := protowire.ConsumeTag(b)
		if size < 0 {
			return errAnswer
		}
		b = b[size:]
		var bytes []byte
		var n uint64
		switch kind {
		case protowire.BytesType:
			bytes, size = protowire.ConsumeBytes(b)
		case protowire.VarintType:
			n, size = protowire.ConsumeVarint(b)
		default:
			size = protowire.ConsumeFieldValue(number, kind, b)
		}
		if size < 0 {
			return errAnswer
		}
		b = b[size:]
		if err := visit(number, bytes, n); err != nil {
			return err
		}
	}
	return nil
}
