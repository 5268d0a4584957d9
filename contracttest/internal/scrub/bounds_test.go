package scrub

import (
	"strings"
	"testing"
)

// TestBoundsOfNumbers checks that numbers of up to nine characters are kept, and that each
// digit of a longer number is replaced.
func TestBoundsOfNumbers(t *testing.T) {
	s, err := New(Rules{})
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{"123456789": "123456789", "1234567890": "9999999999", "-12345678": "-12345678", "-9012345670": "-9999999999"} {
		if got := string(s.Body([]byte(number))); got != want {
			t.Errorf("%s becomes %s, want %s", number, got, want)
		}
	}
}

// TestBoundsOfSecrets checks that a secret has at least four characters.
func TestBoundsOfSecrets(t *testing.T) {
	for secret, ok := range map[string]bool{"abc": false, "abcd": true} {
		if _, err := New(Rules{Secrets: []string{secret}}); (err == nil) != ok {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

// TestBoundsOfNames checks that names and URLs of a valid length, and only those, have a
// placeholder.
func TestBoundsOfNames(t *testing.T) {
	for _, tt := range []struct {
		field       string
		length      int
		placeholder bool
	}{
		{"bucketName", 2, false},
		{"bucketName", 3, true},
		{"bucketName", 63, true},
		{"bucketName", 64, false},
		{"serviceUrl", 32, false},
		{"serviceUrl", 33, true},
		{"serviceUrl", 2048, true},
		{"serviceUrl", 2049, false},
	} {
		s, err := New(Rules{})
		if err != nil {
			t.Fatal(err)
		}
		got := s.value(tt.field, strings.Repeat("ü", tt.length))
		if filler := strings.Repeat("x", tt.length); (got != filler) != tt.placeholder {
			t.Errorf("%s of %d characters becomes %s", tt.field, tt.length, got)
		}
	}
}
