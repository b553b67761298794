package notify

import (
	"net/http"
)

// pager is a service that pages people. It knows events again by their keys.
type pager struct {
	address string
	path    string // of an event, below the address
	// keyed puts the key where the service looks for it.
	keyed func(key string, header http.Header, body object)
}

var pagerDuty = pager{
	address: "https://events.pagerduty.com", path: "/v2/enqueue",
	keyed: func(key string, _ http.Header, body object) { body["routing_key"] = key },
}

var opsgenie = pager{
	address: "https://api.opsgenie.com", path: "/v2/alerts",
	keyed: func(key string, header http.Header, _ object) { header.Set("Authorization", "GenieKey "+key) },
}

// The most characters of texts: what PagerDuty and Opsgenie take.
const (
	mostSummary = 1024
	mostMessage = 130
)

// details are what else is known of an event, for people who look at it.
func (e Event) details() object {
	all := object{}
	for name, text := range map[string]string{
		"kind": e.Kind, "text": e.Text, "advice": e.Advice, "profile": e.Profile, "target": e.Target, "run": e.Run,
		"commit": e.Commit, "branch": e.Branch,
	} {
		if text != "" {
			all[name] = clean(text, shownEvent)
		}
	}
	return all
}

// source is what the event is of: the target, else the name, which no service takes empty.
func (e Event) source() string {
	for _, text := range []string{e.Target, e.Name} {
		if text != "" {
			return clean(text, shownText)
		}
	}
	return "loadgate"
}

// pagerDutyEvent is an event of PagerDuty's Events API v2.
func pagerDutyEvent(e Event, link string) (any, string) {
	if e.Over {
		return object{"event_action": "resolve", "dedup_key": e.Key}, ""
	}
	severity := "warning"
	if e.Critical {
		severity = "error"
	}
	body := object{
		"event_action": "trigger", "dedup_key": e.Key, "client": "loadgate",
		"payload": object{
			"summary": e.summary(), "source": e.source(), "severity": severity,
			"class": e.Kind, "group": clean(e.series(), shownText), "custom_details": e.details(),
		},
	}
	if link != "" {
		body["links"] = []any{object{"href": link, "text": "The CI job"}}
		body["client_url"] = link
	}
	return body, ""
}

// summary is the event in one line.
func (e Event) summary() string {
	text := e.heading()
	if series := e.series(); series != "" {
		text += ": " + series
	}
	return clean(text+": "+e.Text, mostSummary)
}

// opsgenieEvent is a request of Opsgenie's Alert API, which others take too: the key is the alias, by which it is
// closed.
func opsgenieEvent(e Event, link string) (any, string) {
	if e.Over {
		return object{"source": "loadgate", "note": clean(e.Text, shownEvent)},
			"/" + e.Key + "/close?identifierType=alias"
	}
	priority := "P3"
	if e.Critical {
		priority = "P2"
	}
	details := e.details()
	if link != "" {
		details["link"] = link
	}
	return object{
		"message": clean(e.heading()+": "+e.series(), mostMessage), "alias": e.Key,
		"description": clean(e.Text+"\n"+e.Advice, 2*shownEvent), "source": "loadgate", "entity": e.source(),
		"tags": []string{"loadgate", e.Kind}, "priority": priority, "details": details,
	}, ""
}
