package fakeatlas

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
)

// TestOptionBounds checks the options at the ends of their ranges.
func TestOptionBounds(t *testing.T) {
	sized := func(bytes int) []byte { return append([]byte("{}"), strings.Repeat(" ", bytes-2)...) }
	holding := func(buckets string) []byte {
		return []byte(`{"projects":[{"id":"` + DefaultProjectID + `","buckets":[` + buckets + `]}]}`)
	}
	many := strings.Repeat("{},", maxStateBuckets-1) + "{}"
	const named = `{"_id":"6657c1810000000001000001"}`
	for _, tt := range []struct {
		name  string
		opt   Option
		taken bool
	}{
		{"the most buckets", Buckets(maxBuckets), true},
		{"a bucket too many", Buckets(maxBuckets + 1), false},
		{"no buckets", Buckets(0), true},
		{"the lowest token limits", TokenLimits(1, 1), true},
		{"no token per minute", TokenLimits(0, 1), false},
		{"no active token", TokenLimits(1, 0), false},
		{"the lowest allowance", RateLimit(Allowance{Capacity: 1, Refill: 1, Per: 1}), true},
		{"an allowance without a capacity", RateLimit(Allowance{Refill: 1, Per: 1}), false},
		{"an allowance without a refill", RateLimit(Allowance{Capacity: 1, Per: 1}), false},
		{"an allowance without a period", RateLimit(Allowance{Capacity: 1, Refill: 1}), false},
		{"the longest state", State(sized(maxState)), true},
		{"a state that is too long by a byte", State(sized(maxState + 1)), false},
		{"the most buckets of a state", State(holding(many)), true},
		{"a bucket too many in a state", State(holding(many + ",{}")), false},
		{"buckets without ids in a state", State(holding("{},{}")), true},
		{"two buckets with the same id in a state", State(holding(named + "," + named)), false},
	} {
		var c config
		if tt.opt(&c); (len(c.errs) == 0) != tt.taken {
			t.Errorf("%s: %v, want it accepted: %t", tt.name, c.errs, tt.taken)
		}
	}
}

// TestCertificateHosts checks that the certificate is valid for localhost and for the host of the
// address.
func TestCertificateHosts(t *testing.T) {
	local := []string{"127.0.0.1", "::1"}
	for _, tt := range []struct {
		address string
		names   []string
		ips     []string
	}{
		{"127.0.0.1:0", []string{"localhost"}, append(local, "127.0.0.1")},
		{"192.0.2.7:443", []string{"localhost"}, append(local, "192.0.2.7")},
		{"atlas.test:443", []string{"localhost", "atlas.test"}, local},
		{"localhost:443", []string{"localhost"}, local},
		{":443", []string{"localhost"}, local},
		{"", []string{"localhost"}, local},
	} {
		pair, err := newCertificate(tt.address)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(pair.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		var ips []string
		for _, ip := range cert.IPAddresses {
			ips = append(ips, ip.String())
		}
		if !slices.Equal(cert.DNSNames, tt.names) || !slices.Equal(ips, tt.ips) {
			t.Errorf("%q: the certificate is for %v and %v, want %v and %v", tt.address, cert.DNSNames, ips, tt.names, tt.ips)
		}
	}
}
