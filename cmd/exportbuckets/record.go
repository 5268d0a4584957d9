package main

import (
	"fmt"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

// recording is the recording of --record DIR. A nil recording records nothing.
type recording struct {
	recorder *contracttest.Recorder
}

// startRecording checks that dir can be written to, before anything is sent.
func startRecording(dir string, secrets []string) (*recording, error) {
	if dir == "" {
		return nil, nil
	}
	var long []string
	for _, secret := range secrets {
		if len(secret) >= leastSecret {
			long = append(long, secret)
		}
	}
	recorder, err := contracttest.NewRecorder(dir, contracttest.RecorderOptions{Secrets: long})
	if err != nil {
		return nil, fmt.Errorf("--record: %s", strings.TrimPrefix(err.Error(), "recorder: "))
	}
	return &recording{recorder}, nil
}

// options returns the client options that record its exchanges.
func (r *recording) options() []client.Option {
	if r == nil {
		return nil
	}
	return []client.Option{client.WithMiddleware(r.recorder.Middleware)}
}

// finish writes the recording and prints its file name.
func (r *recording) finish(s *session) error {
	if r == nil {
		return nil
	}
	err := r.recorder.Close()
	for _, file := range r.recorder.Files() {
		s.note("recorded in %s", file)
	}
	if err != nil {
		return fmt.Errorf("the recording is incomplete: %w", err)
	}
	return nil
}
