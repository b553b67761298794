package export

import (
	"fmt"
	"slices"
	"strings"
)

// helper is a function that expressions call, in the words of a language, and
// the ones that it calls itself.
type helper struct {
	name, text string
	needs      []string
}

// knows says whether a table has a function.
func knows(all []helper, function string) bool {
	return slices.ContainsFunc(all, func(h helper) bool { return h.name == function })
}

// helpers are those that a script needs, in the order of the table.
func helpers(all []helper, used map[string]bool, line string) string {
	for grown := true; grown; {
		grown = false
		for _, h := range all {
			for _, n := range h.needs {
				if used[h.name] && !used[n] {
					used[n], grown = true, true
				}
			}
		}
	}
	var out strings.Builder
	for _, h := range all {
		if used[h.name] {
			fmt.Fprintf(&out, line, h.name, h.text)
		}
	}
	return out.String()
}

// k6Helpers are the functions in JavaScript.
var k6Helpers = []helper{
	{"text",
		`(v) => { if (v === null || v === undefined || (typeof v === "object" && !(v instanceof Date))) throw new ` +
			`Error("no text"); return v instanceof Date ? v.toISOString() : String(v); }`, nil},
	{"part", `(v) => encodeURIComponent(gate.text(v))`, []string{"text"}},
	{"query", `(v) => encodeURIComponent(gate.text(v))`, []string{"text"}},
	{"own",
		`(of, key) => { if (typeof key === "number") return of?.at?.(key); return of !== null && typeof of === ` +
			`"object" && !Array.isArray(of) && Object.hasOwn(of, key) ? of[key] : undefined; }`, nil},
	{"json", `(v) => JSON.stringify(v)`, nil},
	{"form", `(...pairs) => pairs.map(([k, v]) => encodeURIComponent(k) + "=" + encodeURIComponent(v)).join("&")`, nil},
	{"file", `(b64) => encoding.b64decode(b64)`, nil},
	{"int", `(a, b) => (b === undefined ? Math.trunc(Number(a)) : a + Math.floor(Math.random() * (b - a + 1)))`, nil},
	{"float", `(a, b) => (b === undefined ? Number(a) : a + Math.random() * (b - a))`, nil},
	{"pick",
		`(...of) => { const all = of.length === 1 ? of[0] : of; if (!all || !all.length) throw new Error("nothing to ` +
			`pick from"); return all[Math.floor(Math.random() * all.length)]; }`, nil},
	{"chance", `(p) => Math.random() < p`, nil},
	{"uuid",
		`() => "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(Math.random() * 16).toString(16))`,
		nil},
	{"seq",
		`() => { me.drawn = (me.drawn === undefined ? -1 : me.drawn) + 1; return exec.vu.idInTest - 1 + me.drawn * ` +
			`users; }`, nil},
	{"now", `() => new Date()`, nil},
	{"days", `(n) => n * 86400000`, nil},
	{"hours", `(n) => n * 3600000`, nil},
	{"minutes", `(n) => n * 60000`, nil},
	{"seconds", `(n) => n * 1000`, nil},
	{"epoch", `(at) => Math.floor(new Date(at).getTime() / 1000)`, nil},
	{"epochMs", `(at) => new Date(at).getTime()`, nil},
	{"pad",
		`(v, n, by) => { const s = gate.text(v), fill = by === undefined ? "0" : by, sign = typeof v === "number" && ` +
			`fill === "0" && s[0] === "-" ? "-" : ""; return sign + fill.repeat(Math.max(n - [...s].length, 0)) + ` +
			`s.slice(sign.length); }`, []string{"text"}},
	{"urlEncode",
		`(s) => encodeURIComponent(s).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase())`,
		nil},
	{"urlDecode", `(s) => decodeURIComponent(s)`, nil},
	{"later",
		`(a, b) => { const [at, by] = a instanceof Date || typeof a === "string" ? [a, b] : [b, a]; return new ` +
			`Date(new Date(at).getTime() + by); }`, nil},
	{"list", `(n, item) => Array.from({ length: n }, (_, i) => item(i + 1))`, nil},
	{"equal", `(a, b) => a === b || (a == null && b == null) || JSON.stringify(a) === JSON.stringify(b)`, nil},
	{"within", `(v, of) => (Array.isArray(of) ? of.some((it) => gate.equal(it, v)) : of != null && v in of)`,
		[]string{"equal"}},
	{"range", `(a, b) => Array.from({ length: Math.max(b - a + 1, 0) }, (_, i) => a + i)`, nil},
	{"all", `(l, f) => l.every(f)`, nil},
	{"any", `(l, f) => l.some(f)`, nil},
	{"none", `(l, f) => !l.some(f)`, nil},
	{"one", `(l, f) => l.filter(f).length === 1`, nil},
	{"count", `(l, f) => l.filter(f || ((it) => it)).length`, nil},
	{"filter", `(l, f) => l.filter(f)`, nil},
	{"map", `(l, f) => l.map((it) => f(it))`, nil},
	{"find", `(l, f) => { const it = l.find(f); return it === undefined ? null : it; }`, nil},
	{"findIndex", `(l, f) => { const i = l.findIndex(f); return i < 0 ? null : i; }`, nil},
	{"findLast", `(l, f) => { const found = l.filter(f); return found.length ? found[found.length - 1] : null; }`, nil},
	{"findLastIndex", `(l, f) => { for (let i = l.length - 1; i >= 0; i--) if (f(l[i])) return i; return null; }`, nil},
	{"sortBy", `(l, f) => [...l].sort((a, b) => (f(a) < f(b) ? -1 : f(a) > f(b) ? 1 : 0))`, nil},
	{"sum", `(l, f) => l.reduce((s, it) => s + (f ? f(it) : it), 0)`, nil},
	{"abs", `(n) => Math.abs(n)`, nil},
	{"ceil", `(n) => Math.ceil(n)`, nil},
	{"floor", `(n) => Math.floor(n)`, nil},
	{"round", `(n) => Math.sign(n) * Math.round(Math.abs(n))`, nil},
	{"max", `(...n) => Math.max(...n.flat())`, nil},
	{"min", `(...n) => Math.min(...n.flat())`, nil},
	{"mean", `(l) => (l.length ? l.reduce((s, it) => s + it, 0) / l.length : 0)`, nil},
	{"median",
		`(l) => { const s = [...l].sort((a, b) => a - b), m = s.length >> 1; return s.length ? (s.length % 2 ? s[m] ` +
			`: (s[m - 1] + s[m]) / 2) : 0; }`, nil},
	{"len", `(v) => (Array.isArray(v) ? v.length : typeof v === "string" ? [...v].length : Object.keys(v).length)`,
		nil},
	{"first", `(l) => (l.length ? l[0] : null)`, nil},
	{"last", `(l) => (l.length ? l[l.length - 1] : null)`, nil},
	{"take", `(l, n) => l.slice(0, n)`, nil},
	{"keys", `(m) => Object.keys(m).sort()`, nil},
	{"values", `(m) => Object.keys(m).sort().map((k) => m[k])`, nil},
	{"reverse", `(l) => [...l].reverse()`, nil},
	{"uniq", `(l) => l.filter((it, i) => l.findIndex((other) => gate.equal(other, it)) === i)`, []string{"equal"}},
	{"concat", `(...l) => [].concat(...l)`, nil},
	{"flatten", `(l) => l.flat(Infinity)`, nil},
	{"sort", `(l) => [...l].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))`, nil},
	{"split", `(s, by) => s.split(by)`, nil},
	{"join", `(l, by) => l.map(gate.text).join(by || "")`, []string{"text"}},
	{"replace", `(s, a, b) => s.split(a).join(b)`, nil},
	{"repeat", `(s, n) => s.repeat(n)`, nil},
	{"string", `(v) => (typeof v === "object" && !(v instanceof Date) ? JSON.stringify(v) : gate.text(v))`,
		[]string{"text"}},
	{"toJSON", `(v) => JSON.stringify(v)`, nil},
	{"fromJSON", `(s) => JSON.parse(s)`, nil},
	{"toBase64", `(s) => encoding.b64encode(s)`, nil},
	{"fromBase64", `(s) => encoding.b64decode(s, "std", "s")`, nil},
	{"upper", `(s) => s.toUpperCase()`, nil},
	{"lower", `(s) => s.toLowerCase()`, nil},
	{"trim",
		`(s, of) => { if (of === undefined) return s.trim(); let a = 0, b = s.length; while (a < b && ` +
			`of.includes(s[a])) a++; while (b > a && of.includes(s[b - 1])) b--; return s.slice(a, b); }`, nil},
	{"trimPrefix", `(s, p) => (s.startsWith(p) ? s.slice(p.length) : s)`, nil},
	{"trimSuffix", `(s, p) => (s.endsWith(p) ? s.slice(0, s.length - p.length) : s)`, nil},
	{"hasPrefix", `(s, p) => s.startsWith(p)`, nil},
	{"hasSuffix", `(s, p) => s.endsWith(p)`, nil},
	{"indexOf", `(s, p) => s.indexOf(p)`, nil},
	{"lastIndexOf", `(s, p) => s.lastIndexOf(p)`, nil},
}

// locustHelpers are the functions in Python, behind def NAME.
var locustHelpers = []helper{
	{"text", `(v):
        if v is None or isinstance(v, (dict, list)):
            raise ValueError("no text")
        if isinstance(v, bool):
            return "true" if v else "false"
        if isinstance(v, datetime):
            return v.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
        if isinstance(v, float) and v.is_integer():
            return str(int(v))
        return str(v)`, nil},
	{"part", `(v):
        return quote(gate.text(v), safe="")`, []string{"text"}},
	{"query", `(v):
        return quote(gate.text(v), safe="")`, []string{"text"}},
	{"json", `(v):
        return json.dumps(v, default=gate.text)`, []string{"text"}},
	{"form", `(*pairs):
        return urlencode([tuple(pair) for pair in pairs])`, nil},
	{"file", `(b64):
        return base64.b64decode(b64)`, nil},
	{"get", `(of, key):
        if isinstance(of, dict):
            return of.get(key)
        if isinstance(of, list) and isinstance(key, int) and -len(of) <= key < len(of):
            return of[key]
        return None`, nil},
	{"either", `(a, b):
        return a if a is not None else b()`, nil},
	{"int", `(a, b=None):
        return int(a) if b is None else random.randint(a, b)`, nil},
	{"float", `(a, b=None):
        return float(a) if b is None else random.uniform(a, b)`, nil},
	{"pick", `(*of):
        return random.choice(of[0] if len(of) == 1 else of)`, nil},
	{"chance", `(p):
        return random.random() < p`, nil},
	{"uuid", `():
        return str(uuid4())`, nil},
	{"seq", `():
        return next(numbers)`, nil},
	{"now", `():
        return datetime.now(timezone.utc)`, nil},
	{"days", `(n):
        return timedelta(days=n)`, nil},
	{"hours", `(n):
        return timedelta(hours=n)`, nil},
	{"minutes", `(n):
        return timedelta(minutes=n)`, nil},
	{"seconds", `(n):
        return timedelta(seconds=n)`, nil},
	{"epoch", `(at):
        return math.floor(at.timestamp())`, nil},
	{"epochMs", `(at):
        return math.floor(at.timestamp() * 1000)`, nil},
	{"pad", `(v, n, by="0"):
        s = gate.text(v)
        sign = "-" if not isinstance(v, str) and by == "0" and s[0] == "-" else ""
        return sign + by * max(n - len(s), 0) + s[len(sign):]`, []string{"text"}},
	{"urlEncode", `(s):
        return quote(s, safe="")`, nil},
	{"urlDecode", `(s):
        return unquote(s)`, nil},
	{"list", `(n, item):
        return [item(i + 1) for i in range(n)]`, nil},
	{"range", `(a, b):
        return list(range(a, b + 1))`, nil},
	{"all", `(l, f):
        return all(f(it) for it in l)`, nil},
	{"any", `(l, f):
        return any(f(it) for it in l)`, nil},
	{"none", `(l, f):
        return not any(f(it) for it in l)`, nil},
	{"one", `(l, f):
        return sum(1 for it in l if f(it)) == 1`, nil},
	{"count", `(l, f=bool):
        return sum(1 for it in l if f(it))`, nil},
	{"filter", `(l, f):
        return [it for it in l if f(it)]`, nil},
	{"map", `(l, f):
        return [f(it) for it in l]`, nil},
	{"find", `(l, f):
        return next((it for it in l if f(it)), None)`, nil},
	{"findIndex", `(l, f):
        return next((i for i, it in enumerate(l) if f(it)), None)`, nil},
	{"findLast", `(l, f):
        return next((it for it in reversed(l) if f(it)), None)`, nil},
	{"findLastIndex", `(l, f):
        return next((i for i in reversed(range(len(l))) if f(l[i])), None)`, nil},
	{"sortBy", `(l, f):
        return sorted(l, key=f)`, nil},
	{"sum", `(l, f=lambda it: it):
        return sum(f(it) for it in l)`, nil},
	{"abs", `(n):
        return abs(n)`, nil},
	{"ceil", `(n):
        return math.ceil(n)`, nil},
	{"floor", `(n):
        return math.floor(n)`, nil},
	{"round", `(n):
        return math.floor(abs(n) + 0.5) * (1 if n >= 0 else -1)`, nil},
	{"max", `(*n):
        return max(n[0] if len(n) == 1 and isinstance(n[0], list) else n)`, nil},
	{"min", `(*n):
        return min(n[0] if len(n) == 1 and isinstance(n[0], list) else n)`, nil},
	{"mean", `(l):
        return statistics.fmean(l) if l else 0`, nil},
	{"median", `(l):
        return statistics.median(l) if l else 0`, nil},
	{"len", `(v):
        return len(v)`, nil},
	{"first", `(l):
        return l[0] if l else None`, nil},
	{"last", `(l):
        return l[-1] if l else None`, nil},
	{"take", `(l, n):
        return l[:n]`, nil},
	{"keys", `(m):
        return sorted(m)`, nil},
	{"values", `(m):
        return [m[k] for k in sorted(m)]`, nil},
	{"reverse", `(l):
        return l[::-1]`, nil},
	{"uniq", `(l):
        return [it for i, it in enumerate(l) if it not in l[:i]]`, nil},
	{"concat", `(*l):
        return [it for one in l for it in one]`, nil},
	{"flatten", `(l):
        return [x for it in l for x in (gate.flatten(it) if isinstance(it, list) else [it])]`, nil},
	{"sort", `(l):
        return sorted(l)`, nil},
	{"split", `(s, by):
        return s.split(by) if by else list(s)`, nil},
	{"join", `(l, by=""):
        return by.join(gate.text(it) for it in l)`, []string{"text"}},
	{"replace", `(s, a, b):
        return s.replace(a, b)`, nil},
	{"repeat", `(s, n):
        return s * n`, nil},
	{"string", `(v):
        return json.dumps(v) if isinstance(v, (dict, list)) else gate.text(v)`, []string{"text"}},
	{"toJSON", `(v):
        return json.dumps(v, default=gate.text)`, []string{"text"}},
	{"fromJSON", `(s):
        return json.loads(s)`, nil},
	{"toBase64", `(s):
        return base64.b64encode(s.encode()).decode()`, nil},
	{"fromBase64", `(s):
        return base64.b64decode(s).decode()`, nil},
	{"upper", `(s):
        return s.upper()`, nil},
	{"lower", `(s):
        return s.lower()`, nil},
	{"trim", `(s, of=None):
        return s.strip(of)`, nil},
	{"trimPrefix", `(s, p):
        return s[len(p):] if p and s.startswith(p) else s`, nil},
	{"trimSuffix", `(s, p):
        return s[:-len(p)] if p and s.endswith(p) else s`, nil},
	{"hasPrefix", `(s, p):
        return s.startswith(p)`, nil},
	{"hasSuffix", `(s, p):
        return s.endswith(p)`, nil},
	{"indexOf", `(s, p):
        return s.find(p)`, nil},
	{"lastIndexOf", `(s, p):
        return s.rfind(p)`, nil},
}
