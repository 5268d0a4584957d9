package fakeatlas

import (
	"net/netip"
	"regexp"
	"strings"
)

// namingRule is a provider's documented rule for the names of its buckets or
// containers, which all have 3 to 63 characters here.
type namingRule struct {
	form     *regexp.Regexp
	prefixes []string // reserved
	suffixes []string // reserved
	parts    []string // not allowed anywhere in a name
}

// The rules are those of "General purpose bucket naming rules" (Amazon S3), "Container
// names" (Azure Storage) and "Bucket names" (Google Cloud Storage). Whether Atlas
// applies all of them is inferred.
var namingRules = map[Provider]namingRule{
	AWS: {
		form:     regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`),
		prefixes: []string{"xn--", "sthree-", "amzn-s3-demo-"},
		suffixes: []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"},
		parts:    []string{".."},
	},
	Azure: {
		form:  regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`),
		parts: []string{"--"},
	},
	GCP: {
		form:     regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$`),
		prefixes: []string{"goog"},
		parts:    []string{"google", "g00gle", ".."},
	},
}

// canBeBucketName reports whether a bucket of the provider could have the name.
func canBeBucketName(provider Provider, name string) bool {
	rule := namingRules[provider]
	if !rule.form.MatchString(name) || isIPv4(name) {
		return false
	}
	for _, part := range rule.parts {
		if strings.Contains(name, part) {
			return false
		}
	}
	for _, prefix := range rule.prefixes {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	for _, suffix := range rule.suffixes {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return true
}

func isIPv4(name string) bool {
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Is4()
}
