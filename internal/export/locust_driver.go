package export

// locustDriver walks users through their classes as loadgate does.
const locustDriver = `made = {}  # what setup captured


def row(rows, pick, index, number):
    if pick == "random":
        return random.choice(rows)
    return rows[(index if pick == "unique" else index + number) % len(rows)]


class Sender:
    """Sends requests with its client, as loadgate does."""

    def send(self, method, name, path, u, forget=(), **request):
        """Sends a request. Returns why it failed, empty where it did not; None: it was left out."""
        why = self.ask(method, name, path, u, **request)
        for key in forget if why else ():
            u.pop(key, None)
        return why

    def ask(
        self, method, name, path, u, when=None, headers=dict, body=None, files=None, expect=None, capture=None, follow=False, timeout=10
    ):
        called = f"{method} {name}"
        try:
            if when and not when():
                return None
            url, sent = path(), {key: str(value) for key, value in headers().items()}
            content = body() if body else None
            parts = files() if files else None
        except Exception as missing:  # an expression has no value
            why = f"{called}: an expression has no value, and nothing was sent: {missing}"
            logging.warning(why)
            return why
        if isinstance(content, str):
            content = content.encode()
        with self.client.request(
            method, url, name=name, headers=sent, data=content, files=parts, allow_redirects=follow, timeout=timeout, catch_response=True
        ) as response:
            a = answer(response)
            error = getattr(response, "error", None)
            if error:
                response.failure(error)
                return f"{called}: {cause(error)}"
            try:
                good = expect(a) if expect else 200 <= a.status < 300
                for key, value in (capture or {}).items() if good else ():
                    got = value(a)
                    if got is None:
                        why = "capture: " + key + " is not in the answer"
                        response.failure(why)
                        return f"{called}: {why}"
                    u[key] = got
            except Exception as odd:
                response.failure(str(odd))
                return f"{called}: {odd}"
            if good:
                response.success()
                return ""
            response.failure("status " + str(a.status))
            return f"{called}: the answer, of status {a.status}, is not as expected"


def cause(error):
    """What the system said of a connection: the errors around it have the address in them, and what that holds."""
    words = type(error).__name__
    while error:
        if isinstance(error, OSError) and not isinstance(error, RequestException):
            words = f"{type(error).__name__}: {error}"
        error = error.__context__
    return words


class Person(Sender, HttpUser):
    """Walks through its steps as loadgate's users do."""

    abstract = True
    host = BASE
    people = itertools.count()

    def on_start(self):
        self.client.verify = VERIFY
        self.index = next(Person.people)
        self.u, self.turns, self.number = {"setup": made}, [], -1
        self.rows(self.u, 0)
        self.enter(self.u)

    @task
    def walk(self):
        for _ in range(1000):
            if not self.turns:
                self.number += 1
                self.rows(self.u, self.number)
                self.turns = self.round()
            if self.turns.pop(0)(self, self.u) is not None:
                return  # what was left out has no wait

    def round(self):
        if not self.weighted:
            return [step for _, steps in self.items for step in steps]
        drawn = random.choices(self.items, weights=[weight for weight, _ in self.items])[0]
        return list(drawn[1])


def answer(response):
    try:
        body = response.json()
    except ValueError:
        body = response.text
    return SimpleNamespace(status=response.status_code, body=body, headers=response.headers)


`
