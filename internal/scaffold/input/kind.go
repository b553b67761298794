package input

import (
	"errors"
	"regexp"
	"strings"
)

// kinds are files that are given in place of a description or a recording, by
// how they begin or by their first keys.
var kinds = []struct {
	form *regexp.Regexp
	what string
}{
	{regexp.MustCompile(`(?m)^\s*import\s[^;]*\bfrom\s*['"]k6(/[\w/]+)?['"]|require\(['"]k6(/[\w/]+)?['"]\)`),
		"a script of k6: give it with --k6"},
	{regexp.MustCompile(`(?m)^\s*(from\s+locust(\.\w+)*\s+import\s|import\s+locust\b)`),
		"a script of Locust: give it with --locustfile"},
	{regexp.MustCompile(`^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<jmeterTestPlan[\s>]`),
		"a test plan of JMeter: give it with --jmx"},
	{regexp.MustCompile(`(?i)^\s*(<!doctype html|<html)`),
		"a web page: give the file or address that it shows, such as /openapi.json"},
	{regexp.MustCompile(`^#%RAML`), "RAML: convert it to OpenAPI"},
	{regexp.MustCompile(`^(PK\x03\x04|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf)`),
		"a packed file: unpack it, or pack it with gzip"},
	{regexp.MustCompile(`^%PDF`), "a PDF"},
	{regexp.MustCompile(`(?m)^\s*["']?asyncapi["']?\s*:|^\s*\{\s*"asyncapi"`),
		"AsyncAPI, which describes messages: loadgate loads HTTP"},
	{regexp.MustCompile(`"_postman_id"|schema\.(get)?postman\.com`), "a collection of Postman: give it with --postman"},
	{regexp.MustCompile(`"_type"\s*:\s*"export"|insomnia\.rest`),
		"an export of Insomnia: export it as OpenAPI or HAR"},
	{regexp.MustCompile(`["']?swaggerVersion["']?\s*:`),
		"Swagger 1.2: convert it to OpenAPI 3 (only 2.0 and later are read)"},
	{regexp.MustCompile(`"__schema"|` +
		`(?m)^\s*(type|schema|interface|input|enum|scalar|extend type)\s+[\w ]*(@\w+)?\s*\{`),
		"a schema of GraphQL: record what a client does as HAR, or write the requests"},
	{regexp.MustCompile(`(?m)^\s*syntax\s*=\s*"proto|^\s*service\s+\w+\s*\{`),
		"a description of gRPC: loadgate loads HTTP"},
	{regexp.MustCompile(`<(wsdl:)?definitions[\s>]|<application[^>]+wadl`),
		"a description in XML (WSDL or WADL): record what a client does as HAR"},
	{regexp.MustCompile(`^\s*<\?xml|^\s*<[a-z]`), "XML"},
	{regexp.MustCompile(`(?s)^\s*\{\s*"log"\s*:.*"entries"`), "a HAR recording: give it with --har"},
	{regexp.MustCompile(`^\s*\{\s*"(openapi|swagger)"\s*:|(?m)^(openapi|swagger)\s*:`),
		"a description of an API: give it with --openapi"},
	{regexp.MustCompile(`loadgate\.result/|"schema"\s*:\s*"loadgate`), "a result of loadgate: give it with --results"},
	{regexp.MustCompile(`(?m)^thresholds\s*:`), "a thresholds.yaml already"},
}

// OtherKind says what a file is that was given in place of one that a flag takes; nil:
// nothing that is known.
func OtherKind(src []byte, flag string) error {
	head := src[:min(len(src), 64<<10)]
	for _, k := range kinds {
		if k.form.Match(head) {
			if strings.Contains(k.what, flag) {
				return nil
			}
			return errors.New("this is " + k.what)
		}
	}
	return nil
}
