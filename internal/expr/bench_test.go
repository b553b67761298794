package expr_test

import "testing"

// BenchmarkAppend measures what a virtual user pays for one text of a request.
func BenchmarkAppend(b *testing.B) {
	for _, text := range []string{
		"/api/dashboard/metrics",
		"/api/tutors/${ int(1, 100) }",
		"Bearer ${ token }",
		"${ accounts.email }",
		`${ pick("high", "medium", "low") }`,
		"${ uuid() }",
		"${ now() }",
		"${ now() + days(int(1, 7)) }",
		"${ tutor + 1 }",
	} {
		b.Run(text, func(b *testing.B) {
			template, err := newScope().Template(text)
			if err != nil {
				b.Fatal(err)
			}
			env := newAnswered()
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				if dst, err = template.Append(dst[:0], env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBool measures an expect. The body is parsed anew each time, as it
// is for each answer.
func BenchmarkBool(b *testing.B) {
	for _, source := range []string{
		"status == 200",
		"status in [200, 201]",
		`body.status == "healthy"`,
	} {
		b.Run(source, func(b *testing.B) {
			program, err := newScope().CompileBool(source)
			if err != nil {
				b.Fatal(err)
			}
			env := newAnswered()
			body := []byte(
				`{"id": 7, "status": "healthy", "uptime_seconds": 12.5, "services": {"db": "ok", "cache": "ok"}}`)
			header := func(string) string { return "" }
			b.ReportAllocs()
			for b.Loop() {
				env.SetResponse(200, header, body)
				if _, err := program.Bool(env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	value := sessionBody(b)
	env := newAnswered()
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = value.AppendJSON(dst[:0], env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	scope := newScope()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scope.Template("/api/tutors/${ int(1, 100) }/${ now() + days(int(1, 7)) }"); err != nil {
			b.Fatal(err)
		}
	}
}
