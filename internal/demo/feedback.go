package demo

import (
	"net/http"
	"time"
)

// keptFeedback bounds the table as keptSessions does.
const keptFeedback = 20_000

// sqlFeedback keeps the latest word of a token: a user who sends feedback
// again has changed his mind, and is not an error.
const sqlFeedback = `
INSERT INTO feedback VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (token) DO UPDATE SET rating = ?2, tutor_knowledge = ?3, communication = ?4, helpfulness = ?5, would_recommend = ?6, comments = ?7
RETURNING json_object('id', rowid, 'token', token, 'rating', rating, 'status', 'received')`

const sqlForgetFeedback = `DELETE FROM feedback WHERE rowid <= (SELECT max(rowid) FROM feedback) - ?1`

func feedbackRoutes() []*route {
	score := integer(1, 5).like(4)
	body := object(
		must("rating", score), must("tutor_knowledge", score), must("communication", score), must("helpfulness", score),
		must("would_recommend", boolean()), may("comments", textOf(0, 2000).like("Great session")))
	token := must("token", textOf(8, 128).like("feedback_token_1234"))
	return []*route{{
		method: "POST", path: "/api/feedback/{token}", tag: "feedback", summary: "A student's word on a session",
		param: &token, body: &body, status: http.StatusCreated,
		answer: object(must("id", identifier()), must("token", text()),
			must("rating", score), must("status", text("received"))),
		median: 26 * time.Millisecond, spread: 0.3,
		handle: (*service).feedback,
	}}
}

func (s *service) feedback(c *call) (document, error) {
	f := c.fields()
	comments, _ := f["comments"].(string)
	var received []byte
	err := s.store.change(func(t *transaction) error {
		err := t.row(sqlFeedback, []any{c.param, f["rating"], f["tutor_knowledge"],
			f["communication"], f["helpfulness"], f["would_recommend"], comments}, &received)
		if err != nil {
			return err
		}
		return t.exec(sqlForgetFeedback, keptFeedback)
	})
	return received, err
}
