package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"golang.org/x/net/websocket"
)

// streams is a service of streams on the port in PORT, for stories. It says on standard output that it is there.
func streams() {
	page := http.NewServeMux()
	page.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	page.HandleFunc("/page", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "no events") })
	page.HandleFunc("/clock", func(rw http.ResponseWriter, r *http.Request) { pour(rw, r, -1, "tick") })
	page.HandleFunc("/three", func(rw http.ResponseWriter, r *http.Request) { pour(rw, r, 3, "tick") })
	page.HandleFunc("/silent", func(rw http.ResponseWriter, r *http.Request) { pour(rw, r, 0, "") })
	page.HandleFunc("POST /chat", func(rw http.ResponseWriter, r *http.Request) {
		pour(rw, r, 4, `{"word": "hm"}`)
		fmt.Fprint(rw, "data: [DONE]\n\n")
	})
	page.Handle("/talk", websocket.Server{Handler: func(c *websocket.Conn) {
		text := `{"type": "welcome", "id": 7}`
		for websocket.Message.Send(c, text) == nil && websocket.Message.Receive(c, &text) == nil {
		}
	}})
	fmt.Println("streams on", os.Getenv("PORT"))
	if err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), page); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pour answers with that many events, 50 ms apart; -1: without end.
func pour(rw http.ResponseWriter, r *http.Request, n int, data string) {
	rw.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(rw, ": welcome\n\n")
	pulse := time.NewTicker(50 * time.Millisecond)
	defer pulse.Stop()
	for nth := 0; nth != n; nth++ {
		select {
		case <-r.Context().Done():
			return
		case <-pulse.C:
		}
		fmt.Fprintf(rw, "id: %d\ndata: %s\n\n", nth, data)
		if http.NewResponseController(rw).Flush() != nil {
			return
		}
	}
}
