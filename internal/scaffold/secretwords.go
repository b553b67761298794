package scaffold

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// secretWord is a word of a name whose value opens a door or pays, in the
	// languages that names are written in.
	secretWord = words(
		`pass`, `pa?ss?w(or)?ds?`, `pwds?`, `psw`, `pswd`, `passw`, `passwort`, `passphrase`, `passcode`, `pw`,
		`pin`, `otp`, `totp`, `hotp`, `tan`,
		`cvv`, `cvc`, `cvn`, `csc`, `pan`, `secrets?`, `credentials?`, `creds?`, `apikeys?`, `hmac`, `signature`,
		`jwt`, `bearer`, `passkey`,
		`kennwort`, `losung`, `geheim(nis)?`, `mdp`, `clave`, `contrase[nñ]a`, `senha`, `parola`, `wachtwoord`,
		`l[oö]senord`, `adgangskode`,
		`kodeord`, `passord`, `salasana`, `has[lł]o`, `heslo`, `jelsz[oó]`, `[sş]ifre`, `lozinka`, `geslo`,
		`parole`, `пароль`, `iban`,
		`ssn`, `passport`, `mnemonic`, `seed`, `psk`, `wpnonce`, `nonce`, `magic`, `otc`, `ppin`, `puk`,
	)
	// secretPart is such a name without what stands between its words.
	secretPart = regexp.MustCompile(`passw(or|d)|passphrase|passcode|passwort|kennwort|motdepasse|codesecret|` +
		`contrase[nñ]a|palabraclave|wachtwoord|` +
		`l[oö]senord|adgangskode|salasana|secret|apikey|accesskey|privatekey|licensekey|signingkey|` +
		`encryptionkey|sharedkey|credential|` +
		`(credit|debit|bank)?card(num|no)|creditcard|kartennummer|security(answer|code)|` +
		`secureanswer|onetimecode|verification(value|no|num)|cardcode|` +
		`(sms|mfa|2fa|otp|factor|login|access|auth|confirm(ation)?|verif(y|ication)|recovery|backup|pairing|` +
		`unlock)(code|key|phrase|pattern)|seedphrase|socialsecurity|passport(no|num)|taxid|` +
		`(pwd|psw|kennw)[0-9]?$|` +
		`^(user|login|my|admin|db|account|acct|mail|email|txt|input|new|old|cur|u|re|confirm)pass$`)
	// noSecret are ends of names that speak of a secret, and are none.
	noSecret = regexp.MustCompile(`(?i)[_-]?(type|ur[il]|expir(es|y|ation)([_-]?(in|at))?|count|length|limit|policy|` +
		`hint|strength)$`)
	// digitsOpen is a name of a secret that is a number.
	digitsOpen = words(
		`pin`, `otp`, `totp`, `tan`, `cvv`, `cvc`, `cvn`, `csc`, `pan`, `passcode`, `pass`, `pwd`, `psw`,
		`password`, `passwort`, `kennwort`, `mdp`, `clave`, `senha`,
		`ssn`, `passport`, `psk`, `puk`,
	)
	// doubtful is a name that is one of a secret where its value is drawn by chance.
	doubtful = words(
		`code`, `key`, `sig`, `sign`, `state`, `nonce`, `ticket`, `auth`, `hash`, `mac`, `assertion`, `verifier`,
		`challenge`, `access`, `sid`, `sess`, `t`, `k`, `s`, `p`, `st`, `private`, `priv`, `pass`, `kw`, `pattern`,
	)
	// holdsSecrets is a name of an object of which each text may be one.
	holdsSecrets = regexp.MustCompile(`(?i)^(cred(ential)?s?|secrets?|auth(entication)?|zugangsdaten|identifiants)$`)
)

// secretNamed says whether a name is that of a password or another value that
// opens a door.
func secretNamed(name string) bool {
	words := wordsOf(name)
	if noSecret.MatchString(name) && len(words) > 1 {
		return false
	}
	return slices.ContainsFunc(words, secretWord.MatchString) || secretPart.MatchString(strings.Join(words, ""))
}

// secretNumber says whether a number of a name opens a door.
func secretNumber(name string) bool {
	words := wordsOf(name)
	return slices.ContainsFunc(words, digitsOpen.MatchString) || numberPart.MatchString(strings.Join(words, ""))
}

// numberPart is such a name without what stands between its words.
var numberPart = regexp.MustCompile(`cardn|card(code|verif)|security(code|answer)|verification|` +
	`(sms|mfa|2fa|otp|factor|auth|login|confirmation|recovery|unlock)code|socialsecurity`)

// opensNumber says whether a number of a name opens a door or pays, by its name or its
// form.
func opensNumber(name, raw string) bool {
	return secretNumber(name) || pays(raw) || aCode.MatchString(name) && sixDigits.MatchString(raw)
}

var (
	aCode     = regexp.MustCompile(`(?i)^code$`)
	sixDigits = regexp.MustCompile(`^[0-9]{6}$`)
)

// chance says whether a text is too long and too mixed to be a word, beside a
// name that says what it may be.
func chance(name, v string) bool {
	if namesThing(name) || isUUID(v) || !inOne.MatchString(v) {
		return false
	}
	if aCode.MatchString(name) && sixDigits.MatchString(v) {
		return true
	}
	if len(v) >= 12 &&
		slices.ContainsFunc(wordsOf(name), func(w string) bool { return w == "private" || w == "priv" }) {
		return true
	}
	mixed := strings.ContainsAny(v, "0123456789!#$%^*") &&
		strings.ContainsAny(strings.ToLower(v), "abcdefghijklmnopqrstuvwxyz")
	switch {
	case isHex(v):
		return mixed && (len(v) >= 32 || len(v) >= 16 && slices.ContainsFunc(wordsOf(name), doubtful.MatchString))
	case slices.ContainsFunc(wordsOf(name), doubtful.MatchString):
		return mixed && len(v) >= 6
	}
	return false
}

// inOne is a text without space, as what is drawn by chance.
var inOne = regexp.MustCompile(`^[A-Za-z0-9._~+/=:!#$%&*?@^,;()|-]+$`)

// inlineValue is a value within a text, as GraphQL and JSON write it: its name, and
// its text between quotes.
var inlineValue = regexp.MustCompile(`([\pL_][\pL\pN_-]*)\\?["']?\s*[:=]\s*\\?["']((?:[^"'\\]|\\[^"'])*)\\?["']`)

// withoutInline is a text as a template in which the secrets that have a name in
// it are those of the environment, and the names; none: there are none.
func withoutInline(v string, secret func(name string) string) (text string, names []string) {
	var out strings.Builder
	at := 0
	for _, m := range inlineValue.FindAllStringSubmatchIndex(v, 200) {
		name, value := v[m[2]:m[3]], v[m[4]:m[5]]
		if value == "" || strings.HasPrefix(value, "$") || !isSecret(name, value) {
			continue
		}
		out.WriteString(escaped(v[at:m[4]]) + secret(name))
		at = m[5]
		names = append(names, name)
	}
	out.WriteString(escaped(v[at:]))
	return out.String(), names
}

// holdSecrets says whether each text of an object of a name may be a secret.
func holdSecrets(name string) bool { return holdsSecrets.MatchString(name) }
