package demo

import (
	"net/http"
	"time"
)

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
	word := feedback{token: c.param.(string), rating: f["rating"].(int64), knowledge: f["tutor_knowledge"].(int64),
		communication: f["communication"].(int64), helpfulness: f["helpfulness"].(int64),
		recommends: f["would_recommend"].(bool)}
	word.comments, _ = f["comments"].(string)
	return change(s.store, func(t *tables) (document, error) {
		kept := t.feedback.put(word)
		t.feedback.forget()
		var w writer
		w.open('{')
		w.name("id").integer(kept.id)
		w.name("token").text(kept.token)
		w.name("rating").integer(kept.rating)
		w.name("status").text("received")
		w.shut('}')
		return w.out, nil
	})
}
