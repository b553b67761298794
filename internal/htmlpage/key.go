package htmlpage

import (
	"fmt"
	"html/template"
	"io"
)

// keyScript takes the key from the part of the address that browsers do not send, hands it over, and loads the
// page anew.
const keyScript = `"use strict";
(async () => {
	const key = new URLSearchParams(location.hash.slice(1)).get("key"), said = document.getElementById("said");
	if (!key) return;
	try {
		const answer = await fetch(document.documentElement.dataset.key, { method: "POST", body: key });
		if (answer.ok) location.replace(location.pathname);
		else said.textContent = "This key is of an earlier loadgate. Open the address that loadgate printed last.";
	} catch {
		said.textContent = "No connection to loadgate.";
	}
})();`

var keyPage = template.Must(template.New("key").Parse(`<!DOCTYPE html>
<html lang="en" data-key="{{.Address}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><title>loadgate</title></head>
<body><p id="said">Open the address that loadgate printed: it has the key to this page.</p>
<script>{{.Script}}</script></body>
</html>
`))

// WriteKey writes the page that a browser without the key gets. It sends the key, if the address has one, to an
// address of its server.
func WriteKey(w io.Writer, address string) error {
	return keyPage.Execute(w, struct {
		Address string
		Script  template.JS
	}{address, template.JS(keyScript)})
}

// KeyPolicy is the content security policy of that page, as a header.
func KeyPolicy() string {
	return fmt.Sprintf("default-src 'none'; script-src '%s'; connect-src 'self'; base-uri 'none'; "+
		"form-action 'none'; %s", digest(keyScript), HeaderPolicy)
}
