package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// site serves one page on the loopback interface and records requests for anything
// else.
type site struct {
	url    string
	server *http.Server

	mu     sync.Mutex
	others []string
}

func serve(ctx context.Context, page string) (*site, error) {
	body, err := os.ReadFile(page)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &site{url: "http://" + listener.Addr().String() + "/report.html"}
	s.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/report.html" {
			s.mu.Lock()
			s.others = append(s.others, r.URL.Path)
			s.mu.Unlock()
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(body) // a browser that has ended reports its own error
	})}
	go func() { _ = s.server.Serve(listener) }() // ends with close
	return s, nil
}

func (s *site) close() { s.server.Close() }

func (s *site) problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for _, path := range s.others {
		found = append(found, "requested "+path+" from the server")
	}
	return found
}
