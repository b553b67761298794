package scaffold_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// A GET whose path or query says a verb of doing is a comment, of a recording and
// of a description; lists and pages whose names only look like verbs are sent.
func TestReadingThatActs(t *testing.T) {
	for _, request := range []string{
		"/pay?amount=9", "/bill/execute?x=1", "/buy?item=3", "/checkout/confirm",
		"/membership/close", "/visit/end", "/unsub?m=4",
		"/members/8/kick", "/api/exec?line=who", "/optout", "/opt-out/9",
		"/basket/add?item=3", "/meal/place?basket=2", "/vote?entry=7",
		"/approve?claim=6", "/reject/9", "/letters/9/discard",
		"/cron/run", "/cron.php", "/batches/start", "/lamp/off", "/api/set_level?v=3",
		"/mark-read?all=1", "/sell?share=2", "/shop?add-to-cart=8",
		"/index?action=buy", "/index?route=checkout/confirm", "/tank/5/scrub",
		"/sql?q=DROP+TABLE+x", "/posts/5/like", "/accept-invite?x=1",
		"/orders/7/ship", "/firmware/update", "/undo/5", "/node/retire",
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"},
			exchange{at: 1, method: "GET", url: local + request})
		if got := sent(t, text); len(got) != 1 {
			t.Errorf("%s of a recording: sent are %v", request, got)
		}
		path, query, _ := strings.Cut(request, "?")
		if query != "" {
			continue
		}
		d, err := fromOpenAPI(described("GET /b\nGET "+path), draft.Options{})
		if got := sent(t, encoded(t, d, err)); len(got) != 1 {
			t.Errorf("%s of a description: sent are %v", request, got)
		}
	}
	for _, request := range []string{
		"/orders", "/votes", "/payments/history", "/runs", "/starts",
		"/start", "/runs/latest", "/orders/open", "/likes", "/places/near",
		"/approvals", "/cart", "/items/new", "/items/edit", "/store/order/5",
		"/start-page", "/api/v1/start", "/executions", "/sales",
		"/follow-ups", "/docs/install", "/list?sort=added&start=10&end=20&order=asc",
		"/search?q=buy+shoes", "/reports?run=5",
		"/items?route=shop/items", "/additions", "/address", "/paypal-faq", "/rotations", "/rejections", "/retirement",
	} {
		text := drafts(t, exchange{method: "GET", url: local + "/b"},
			exchange{at: 1, method: "GET", url: local + request})
		if got := sent(t, text); len(got) != 2 {
			t.Errorf("%s: sent are %v in\n%s", request, got, text)
		}
	}
	for request, want := range map[string]bool{"/payments/history": true, "/orders": false} {
		text := drafts(t, exchange{method: "GET", url: local + request})
		if strings.Contains(text, "does it move real money?") != want {
			t.Errorf("%s: a look at money is not %v in\n%s", request, want, text)
		}
	}
}
