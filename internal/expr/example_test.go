package expr_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
)

// A condition is compiled once, against the names that it may use, and evaluated for each
// answer.
func ExampleScope_CompileBool() {
	scope := expr.NewScope(nil, nil).With("limit", expr.Int).WithResponse()
	healthy, err := scope.CompileBool(`status == 200 and len(body.items) <= limit`)
	if err != nil {
		fmt.Println(err)
		return
	}
	env := expr.NewEnv(rand.New(rand.NewPCG(1, 1)), time.Now, 0, 1)
	env.Set("limit", 2)
	for _, body := range []string{`{"items": [1, 2]}`, `{"items": [1, 2, 3]}`} {
		env.SetResponse(200, nil, []byte(body))
		fmt.Println(healthy.Bool(env))
	}
	// Output:
	// true <nil>
	// false <nil>
}

// A mistake is one sentence, with what to write instead.
func ExampleScope_Compile() {
	scope := expr.NewScope(nil, nil).With("userId", expr.Int)
	for _, source := range []string{`userid + 1`, `userId = 1`, `upper(userId)`} {
		_, err := scope.Compile(source)
		fmt.Println(err)
	}
	// Output:
	// unknown name "userid"; did you mean userId?
	// "=" does not compare; write ==
	// upper needs text, got a number; write upper(text)
}

// Values in the target of a request are escaped for the place where they are.
func ExampleTemplate_AppendURL() {
	scope := expr.NewScope(nil, nil).With("name", expr.String)
	path, err := scope.Template("/items/${ name }?like=${ name }")
	if err != nil {
		fmt.Println(err)
		return
	}
	env := expr.NewEnv(rand.New(rand.NewPCG(1, 1)), time.Now, 0, 1)
	env.Set("name", "salt & pepper/s")
	text, err := path.AppendURL(nil, env)
	fmt.Println(string(text), err)
	// Output: /items/salt%20&%20pepper%2Fs?like=salt+%26+pepper%2Fs <nil>
}

// Nearest finds what somebody probably meant.
func ExampleNearest() {
	fmt.Println(expr.Nearest("durration", []string{"users", "duration", "ramp"}))
	fmt.Println(expr.Nearest("xyz", []string{"users", "duration", "ramp"}))
	// Output:
	// duration true
	//  false
}
