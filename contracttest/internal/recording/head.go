package recording

import (
	"net/http"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// maxMethodBytes is the longest request method. WebDAV's UPDATEREDIRECTREF has 17 bytes.
const maxMethodBytes = 32

// checkTarget returns an error for a method or a URL that is too long.
func checkTarget(method, url string) error {
	switch {
	case len(method) > maxMethodBytes:
		return &limits.ExceededError{Bound: "bytes", Limit: maxMethodBytes, Place: "request.method"}
	case len(url) > MaxURLBytes:
		return &limits.ExceededError{Bound: "bytes", Limit: MaxURLBytes, Place: "request.url"}
	}
	return nil
}

// checkHeader returns an error for the header of a request or a response with too many
// values or bytes. The reader of HTTP text counts them during reading.
func checkHeader(side string, header http.Header) error {
	count, size := 0, 0
	for name, values := range header {
		for _, value := range values {
			count++
			size += len(name) + len(value)
		}
	}
	switch place := side + ".headers"; {
	case count > MaxHeaders:
		return tooManyHeaders(place)
	case size > MaxHeadBytes:
		return &limits.ExceededError{Bound: "bytes", Limit: MaxHeadBytes, Place: place}
	}
	return nil
}

// requestOnly returns what is known of an exchange that cannot be read: the method and the path
// of its request, which decide whether it is relevant. Without a URL it is nil.
func requestOnly(src Source, method, url string) *Exchange {
	if url == "" {
		return nil
	}
	u := parseURL(url[:min(len(url), MaxURLBytes)])
	u.RawQuery = ""
	return &Exchange{
		Source:   src,
		Request:  Request{Method: strings.ToUpper(method[:min(len(method), maxMethodBytes)]), URL: u, Header: http.Header{}},
		Response: Response{Header: http.Header{}},
	}
}
