package export

// k6Driver walks users through their groups as loadgate does.
const k6Driver = `// One user of this VU: what it captured, and where it is.
let me = null;

// One request of a user, and the time it thinks behind it.
function walk(group, setup) {
  if (me === null) {
    me = { u: Object.create(null), turns: [], round: -1 };
    me.u.setup = setup;
    group.rows(me.u, 0);
    group.enter(me.u);
  }
  for (let left = 0; left < 1000; left++) {
    if (me.turns.length === 0) {
      me.round++;
      group.rows(me.u, me.round);
      me.turns = round(group);
    }
    if (me.turns.shift()(me.u) !== null) break; // what was left out has no wait
  }
  const [least, most] = group.think;
  if (most > 0) sleep(least + Math.random() * (most - least));
}

// The requests of one round: all of them, or those of what was drawn.
function round(group) {
  if (!group.weighted) return group.items.flatMap((it) => it.steps);
  let at = Math.random() * group.items.reduce((sum, it) => sum + it.weight, 0);
  for (const it of group.items) {
    at -= it.weight;
    if (at < 0) return [...it.steps];
  }
  return [...group.items[group.items.length - 1].steps];
}

function row(rows, pick, round) {
  if (pick === "random") return rows[Math.floor(Math.random() * rows.length)];
  const user = exec.vu.idInTest - 1;
  return rows[(pick === "next" ? user + round * users : user) % rows.length];
}

// Sends a request. What it returns is why it failed, empty where it did not; null: it was left out.
function send(u, step) {
  const why = ask(u, step);
  if (why) forget(u, step);
  return why;
}

function ask(u, step) {
  let path, body, headers;
  try {
    if (step.when && !step.when()) return null;
    path = step.path();
    headers = step.headers ? step.headers() : {};
    body = step.body ? step.body() : null;
  } catch (e) {
    return warned(step.name + ": an expression has no value, and nothing was sent: " + e.message);
  }
  const response = http.request(step.method, (step.base || base) + path, body, {
    headers,
    redirects: step.redirects || 0,
    timeout: step.timeout,
    responseCallback: step.good || http.expectedStatuses({ min: 200, max: 299 }),
    tags: { name: step.name },
  });
  const a = answer(response);
  const code = response.error_code;
  const answered = !code || (code >= 1400 && code < 1600); // those are statuses
  let good = false;
  try {
    good = answered && Boolean(step.expect ? step.expect(a) : a.status >= 200 && a.status < 300);
  } catch (e) {
    // what expect needs is not in the answer
  }
  if (step.asserts) check(response, { [step.name]: () => good });
  if (!good) return step.name + ": " + (answered ? "the answer, of status " + a.status + ", is not as expected" : response.error);
  try {
    if (step.capture) capture(u, step, a);
  } catch (e) {
    return warned(step.name + ": nothing was captured: " + e.message);
  }
  return "";
}

function warned(why) {
  console.warn(why);
  return why;
}

// Keeps what a step captures; what was captured before stays where there is nothing.
function capture(u, step, a) {
  for (const key of Object.keys(step.capture)) {
    const value = step.capture[key](a);
    if (value === null || value === undefined) throw new Error(key + " is not in the answer");
    u[key] = value;
  }
}

// Takes back what a step that failed captured before, where it says so.
function forget(u, step) {
  for (const key of step.forget || []) delete u[key];
}

function answer(response) {
  let body = response.body;
  try {
    body = JSON.parse(response.body);
  } catch (e) {
    // text
  }
  const header = (name) => {
    for (const key of Object.keys(response.headers)) {
      if (key.toLowerCase() === name.toLowerCase()) return response.headers[key];
    }
    return null;
  };
  return { status: response.status, body, header };
}

`
