package scaffold_test

import (
	"strings"
	"testing"
)

// What a login shows, what pays and what opens a door by its form is not in the file,
// whatever it is called, nor in its comments.
func TestSecretsByForm(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	post := func(path, mime, body string) exchange {
		return exchange{method: "POST", url: local + path, mime: mime, body: body}
	}
	for _, test := range []struct {
		e       exchange
		secrets string // between blanks
	}{
		{post("/login", "application/json", `{"login": "ada", "zz": "Blumen!"}`), "Blumen"},
		{post("/login", "application/json", `["ada", "Blumen"]`), "Blumen"},
		{post("/login", "application/json", `{"ada": "Blumen"}`), "Blumen"},
		{post("/signin", form, "usr=ada&kw=Blumen"), "Blumen"},
		{post("/signin", "application/xml", "<l><u>ada</u><w>Blumen</w></l>"), "Blumen"},
		{exchange{method: "GET", url: local + "/login?u=ada&p=Blumen"}, "Blumen"},
		{post("/login", form, `{"user": "ada", "password": "Blumen"}`), "Blumen"},
		{post("/login", form, "{\n \"user\": \"ada\",\n \"password\": \"Blumen\"\n}"), "Blumen"},
		{post("/login", form, "password%3DBlumen"), "Blumen"},
		{post("/x", "application/json", `{"p": "Blumen77!"}`), "Blumen"},
		{post("/x", "application/json",
			`{"n": "5500 0000 0000 0004", "m": "5500-0000-0000-0004", "k": 5500000000000004}`), "5500"},
		{post("/x", "application/json", `{"n": "GB82WEST12345698765432", "m": "GB82 WEST 1234 5698 7654 32"}`), "WEST"},
		{post("/x", "application/json", `{"verification_value": "381", "cvv2": 381}`), "381"},
		{post("/x", "application/json",
			`{"ssn": "078-05-1120", "passport": "Blumen", "mnemonic": "Blumen a b", "seed": "Blumen", "psk": `+
				`"Blumen"}`), "078 Blumen"},
		{post("/x", "application/json", `{"private": "BlumenBlumenA", "pin": {"value": "8171"}}`), "Blumen 8171"},
		{post("/2fa", "application/json", `{"code": "817100"}`), "817100"},
		{post("/x", "application/json", `{"code": "817100", "other": 1}`), "817100"},
		{post("/unlock", "application/json", `{"pattern": "7412"}`), "7412"},
		{post("/x", form, "_wpnonce=ab12cd34ef&a=1"), "ab12cd34ef"},
		{post("/x", "text/plain", "ada:Blumen77!"), "Blumen"},
		{exchange{method: "GET", url: local + "/x?a=ada:Blumen77!"}, "Blumen"},
		{exchange{method: "GET", url: local + "/x?magic=Blumen&st=Blumen77"}, "Blumen"},
		{exchange{method: "GET", url: local + "/x?to=/y?token%3DBlumen"}, "Blumen"},
		{exchange{method: "GET", url: local + "/feed/ada/8k3fm29xq0b.ics"}, "8k3fm29xq0b"},
		{exchange{method: "GET", url: local + "/x", headers: []string{"Prefer", "a; token=Blumen"}}, "Blumen"},
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"}, test.e)
		for _, secret := range strings.Fields(test.secrets) {
			if strings.Contains(text, secret) {
				t.Errorf("%s %s: %s is in\n%s", test.e.url, test.e.body, secret, text)
			}
		}
	}
	for _, test := range []struct {
		e    exchange
		want string
	}{
		{post("/login", "application/json",
			`{"user": "ada", "pw": "Blumen", "remember": true, "grant_type": "password"}`), "user: ada"},
		{post("/x", "application/json", `{"n": "5500 0000 0000 0005", "t": 1700000000000}`), "5500 0000 0000 0005"},
		{post("/x", "application/json", `{"shippingAddressStreetNameLong": "a"}`), "shippingAddressStreetNameLong: a"},
		{post("/x", "application/json", `{"code": "49", "seed": 42, "time": "at:10:30"}`),
			"code: '49', seed: 42, time: 'at:10:30'"},
		{exchange{method: "GET", url: local + "/login?next=/home&lang=de"}, "next=%2Fhome&lang=de"},
		{exchange{method: "GET", url: local + "/feeds/latestNewsOfTown"}, "/feeds/latestNewsOfTown"},
	} {
		if text := drafts(t, exchange{method: "GET", url: local + "/b"}, test.e); !strings.Contains(text, test.want) {
			t.Errorf("%s %s: want %s in\n%s", test.e.url, test.e.body, test.want, text)
		}
	}
}
