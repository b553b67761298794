package draft

import (
	"strings"
	"testing"
)

// What is a comment in the file is where its source has it: a request, a group, a rule, what is sent once.
func TestCommentsInTheirPlaces(t *testing.T) {
	off := func(path string) *Step {
		return &Step{Method: "DELETE", Path: path, Commented: true, Looks: []string{"why " + path},
			Expect: "status == 200"}
	}
	task := &Task{Name: "task"}
	part := func(s *Step) *Step { s.Task = task; return s }
	get := func(path string) *Step { return &Step{Method: "GET", Path: path} }
	d := &Draft{URL: "http://localhost:8000", Setup: []*Step{off("/set")}, Groups: []*Group{
		{Name: "idle", Wait: "1s", Steps: []*Step{off("/alone")}},
		{Name: "first", Wait: "1s", Start: []*Step{off("/start")}, End: []*Step{off("/end")}, Steps: []*Step{
			off("/a"), get("/b"), off("/c"), part(get("/d")), part(off("/e")), off("/f\u2028- x"), off("/g")}},
		{Name: "other idle", Wait: "1s", Steps: []*Step{off("/alone")}},
		{Name: "last", Wait: "1s", Steps: []*Step{get("/h")}, End: []*Step{get("/i"), off("/j")}},
	}, Rules: []Rule{
		{Name: "gets", Endpoints: []string{"GET *"}, Limits: []Pair{{"p95", "1s"}}},
		{Name: "gone", Of: []*Step{off("/a")}, Limits: []Pair{{"p95", "1s"}}},
	}}
	if _, err := d.Finish(Options{}); err != nil {
		t.Fatal(err)
	}
	text, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `
# look: why /set
# setup:
#   - request: DELETE /set
#     expect: status == 200

users:
  # look: group idle is a comment: none of its requests can be sent unchanged
  # look: DELETE /alone: why /alone
  # idle:
  #   wait: 1s
  #   steps:
  #     - request: DELETE /alone
  #       expect: status == 200
  first:
    wait: 1s
    # look: why /start
    # start:
    #   - request: DELETE /start
    #     expect: status == 200
    steps:
      # look: why /a
      # - request: DELETE /a
      #   expect: status == 200
      - GET /b
      # look: why /c
      # - request: DELETE /c
      #   expect: status == 200
      - transaction: task
        steps:
          - GET /d
          # look: why /e
          # - request: DELETE /e
          #   expect: status == 200
      # look: why /f - x
      # - request: "DELETE /f\L- x"
      #   expect: status == 200
      # look: why /g
      # - request: DELETE /g
      #   expect: status == 200
    # look: why /end
    # end:
    #   - request: DELETE /end
    #     expect: status == 200
  # look: group other idle is a comment: none of its requests can be sent unchanged
  # look: DELETE /alone: why /alone
  # other idle:
  #   wait: 1s
  #   steps:
  #     - request: DELETE /alone
  #       expect: status == 200
  last:
    wait: 1s
    steps:
      - GET /h
    end:
      - GET /i
      # look: why /j
      # - request: DELETE /j
      #   expect: status == 200

thresholds:
  gets: {endpoints: 'GET *', p95: 1s}
  # look: its request is a comment, too
  # gone: {endpoints: DELETE /a, p95: 1s}
`
	if _, got, _ := strings.Cut(string(text), "pace: auto}\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
