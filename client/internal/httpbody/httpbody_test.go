package httpbody

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// trackedBody counts the calls of Close.
type trackedBody struct {
	io.Reader
	closed int
}

func (b *trackedBody) Close() error {
	b.closed++
	return nil
}

// TestDiscard checks that a body is read to its end if it is short, and closed in any case.
func TestDiscard(t *testing.T) {
	for _, test := range []struct{ size, rest int }{{0, 0}, {64 << 10, 0}, {64<<10 + 1, 1}} {
		source := strings.NewReader(strings.Repeat("x", test.size))
		body := &trackedBody{Reader: source}
		Discard(body)
		if source.Len() != test.rest || body.closed != 1 {
			t.Errorf("%d bytes: %d unread, closed %d times", test.size, source.Len(), body.closed)
		}
	}
}

// TestOpener opens each body twice. The original body must be closed once.
func TestOpener(t *testing.T) {
	again := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("again")), nil }
	for name, test := range map[string]struct {
		body    string
		getBody func() (io.ReadCloser, error)
		want    string
		length  int64
	}{
		"a body that can be opened": {"first", again, "again", -1},
		"a stream":                  {"first", nil, "first", 5},
	} {
		body := &trackedBody{Reader: strings.NewReader(test.body)}
		open, length, err := Opener(&http.Request{Body: body, GetBody: test.getBody, ContentLength: -1})
		if err != nil || length != test.length || body.closed != 1 {
			t.Fatalf("%s: %v, length %d, closed %d times", name, err, length, body.closed)
		}
		for range 2 {
			if got := readOpened(t, open); got != test.want {
				t.Errorf("%s: got %q", name, got)
			}
		}
	}
}

// TestOpenerWithoutBody checks requests without a body and a body that cannot be read.
func TestOpenerWithoutBody(t *testing.T) {
	for _, body := range []io.ReadCloser{nil, http.NoBody} {
		open, length, err := Opener(&http.Request{Body: body})
		if err != nil || length != 0 || readOpened(t, open) != "" {
			t.Errorf("%v: length %d, %v", body, length, err)
		}
	}
	broken := errors.New("broken")
	body := &trackedBody{Reader: iotest.ErrReader(broken)}
	if _, _, err := Opener(&http.Request{Body: body}); !errors.Is(err, broken) || body.closed != 1 {
		t.Errorf("got %v, closed %d times", err, body.closed)
	}
}

func readOpened(t *testing.T, open func() (io.ReadCloser, error)) string {
	t.Helper()
	body, err := open()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
