package tape

import (
	"slices"
	"strings"
)

// environment is an environment in which clients use a proxy for every host, and trust its certificate.
func environment(env []string, proxy, certificate string) []string {
	values := map[string]string{
		"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "https_proxy": proxy,
		// Many clients would leave this machine out.
		"NO_PROXY": "", "no_proxy": "", "ALL_PROXY": "", "all_proxy": "",
		"SSL_CERT_FILE": certificate, "REQUESTS_CA_BUNDLE": certificate, "CURL_CA_BUNDLE": certificate,
		"NODE_EXTRA_CA_CERTS": certificate, "NODE_USE_ENV_PROXY": "1",
		"LOADGATE_RECORDER": proxy,
	}
	kept := slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		_, replaced := values[name]
		return replaced
	})
	for name, value := range values {
		if value != "" {
			kept = append(kept, name+"="+value)
		}
	}
	slices.Sort(kept)
	return kept
}
