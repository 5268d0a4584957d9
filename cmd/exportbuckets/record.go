package main

import (
	"fmt"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

// recording is the recording of --record DIR. A nil one records nothing.
type recording struct {
	recorder *contracttest.Recorder
}

// startRecording makes sure that dir can be written to, before anything is sent.
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

// options makes a client record.
func (r *recording) options() []client.Option {
	if r == nil {
		return nil
	}
	return []client.Option{client.WithMiddleware(r.recorder.Middleware)}
}

// finish writes the recording and reports where it is.
func (r *recording) finish(s *session) error {
	if r == nil {
		return nil
	}
	err := r.recorder.Close()
	for _, file := range r.recorder.Files() {
		s.note("recorded in %s", file)
	}
	if err != nil {
		return fmt.Errorf("the recording is not whole: %w", err)
	}
	return nil
}
