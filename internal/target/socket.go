package target

import (
	"net/url"
	"path"
	"strings"
	"unicode"
)

// SocketURL takes a URL such as http+unix:///run/app.sock:/api apart: the whole
// path of the socket, and the path before every request's own, which may be
// missing. The socket may be percent-encoded as a host is,
// http+unix://%2Frun%2Fapp.sock/api, as other tools write it. False: it is no
// such URL.
func SocketURL(text string) (socket, prefix string, ok bool) {
	rest, ok := strings.CutPrefix(text, socketScheme)
	if !ok {
		return "", "", false
	}
	if strings.HasPrefix(rest, "/") {
		socket, prefix, _ = strings.Cut(rest, ":")
	} else {
		host, after, _ := strings.Cut(rest, "/")
		decoded, err := url.PathUnescape(host)
		if err != nil {
			return "", "", false
		}
		socket, prefix = decoded, "/"+after
	}
	if !path.IsAbs(socket) || path.Clean(socket) == "/" || strings.ContainsFunc(socket, unicode.IsControl) ||
		prefix != "" && prefix[0] != '/' {
		return "", "", false
	}
	// The prefix goes into request lines: it is escaped as that of a host is.
	u, err := url.Parse("http://host" + prefix)
	if err != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", "", false
	}
	return path.Clean(socket), strings.TrimRight(u.EscapedPath(), "/"), true
}

// socketScheme begins the URL of a service that listens on a unix socket.
const socketScheme = "http+unix://"
