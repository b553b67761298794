package secrets

import (
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	// secretWord is a word of a name whose value is a secret or pays, in the
	// languages that names are written in.
	secretWord = naming.OneOf(
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
	// secretPart is such a name without what is between its words.
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
	// noSecret are ends of names that mention a secret but do not hold one.
	noSecret = regexp.MustCompile(`(?i)[_-]?(type|ur[il]|expir(es|y|ation)([_-]?(in|at))?|count|length|limit|policy|` +
		`hint|strength)$`)
)

// InName says whether a name is that of a password or another value that
// is a secret.
func InName(name string) bool {
	words := naming.Words(name)
	if noSecret.MatchString(name) && len(words) > 1 {
		return false
	}
	return slices.ContainsFunc(words, secretWord.MatchString) || secretPart.MatchString(strings.Join(words, ""))
}

// Line is a text of names on one line, in which … replaces each word that is a secret itself, and each value behind
// the name of one.
func Line(text string) string {
	return naming.Line(plainWord.ReplaceAllStringFunc(withoutValues(text), func(word string) string {
		if IsName(word) {
			return "…"
		}
		return word
	}))
}

// withoutValues is a text in which … replaces what is behind the name of a secret, as in token=abc and {password:abc}.
func withoutValues(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range valueOf.FindAllStringSubmatchIndex(text, -1) {
		name := text[m[2]:m[3]]
		if m[1] < at || !holds(name) && !IsHeader(name) {
			continue
		}
		end := m[1] + strings.IndexAny(text[m[1]:]+" ", " \t\r\n;,&\"'(){}")
		if value := text[m[1]:end]; value == "" || naming.IsNo(value) || strings.HasPrefix(value, "$") {
			continue
		}
		b.WriteString(text[at:m[1]] + "…")
		at = end
	}
	return b.String() + text[at:]
}

// valueOf is a name, and what is between it and its value.
var valueOf = regexp.MustCompile(`([\pL_][\pL\pN_.-]*)[=:]["']?`)

// plainWord is a word of a name: what is between spaces and the marks of addresses and tags.
var plainWord = regexp.MustCompile(`[^\s/?&=:{},;"'()]+`)

// numberWord is a name of a secret that is a number.
var numberWord = naming.OneOf(
	`pin`, `otp`, `totp`, `tan`, `cvv`, `cvc`, `cvn`, `csc`, `pan`, `passcode`, `pass`, `pwd`, `psw`,
	`password`, `passwort`, `kennwort`, `mdp`, `clave`, `senha`,
	`ssn`, `passport`, `psk`, `puk`,
)

// secretNumber says whether a number of a name is a secret.
func secretNumber(name string) bool {
	words := naming.Words(name)
	return slices.ContainsFunc(words, numberWord.MatchString) || numberPart.MatchString(strings.Join(words, ""))
}

// numberPart is such a name without what is between its words.
var numberPart = regexp.MustCompile(`cardn|card(code|verif)|security(code|answer)|verification|` +
	`(sms|mfa|2fa|otp|factor|auth|login|confirmation|recovery|unlock)code|socialsecurity`)

// IsNumber says whether a number of a name is a secret or pays, by its name or its
// form.
func IsNumber(name, raw string) bool {
	return secretNumber(name) || IsPayment(raw) || codeName.MatchString(name) && sixDigits.MatchString(raw)
}

var (
	codeName  = regexp.MustCompile(`(?i)^code$`)
	sixDigits = regexp.MustCompile(`^[0-9]{6}$`)
)

var secretHeader = regexp.MustCompile(`(?i)(token|auth(orization)?([_-]|$)|csrf|xsrf|signature|cookie|` +
	`session([_-]?(id|key))?$|(^|[_-])(sid|sess|jwt)([_-]|$)|sessid|bearer)`)

// IsHeader says whether a header is one whose value is a secret.
func IsHeader(name string) bool { return secretHeader.MatchString(name) }

// credentials is a name of an object of which each text may be one.
var credentials = regexp.MustCompile(`(?i)^(cred(ential)?s?|secrets?|auth(entication)?|zugangsdaten|identifiants)$`)

// HoldsSecrets says whether each text of an object of a name may be a secret.
func HoldsSecrets(name string) bool { return credentials.MatchString(name) }

// holds says whether a name is of an object whose values may be secrets.
func holds(name string) bool {
	return HoldsSecrets(name) || InName(name) ||
		slices.ContainsFunc(naming.Words(name), func(w string) bool { return w == "token" || w == "tokens" })
}
