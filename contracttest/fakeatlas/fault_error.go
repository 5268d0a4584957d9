package fakeatlas

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// defaultCodes are the error codes of faults that set only the status.
var defaultCodes = map[int]string{
	http.StatusBadRequest: "VALIDATION_ERROR", http.StatusForbidden: "IP_ADDRESS_NOT_ON_ACCESS_LIST",
	http.StatusNotFound: "RESOURCE_NOT_FOUND", http.StatusNotAcceptable: "INVALID_VERSION_DATE",
	http.StatusTooManyRequests: "RATE_LIMITED",
}

// knownErrors are the errors whose detail is determined by their code and the request.
var knownErrors = map[string]func(*call) *response{
	"EXPORT_BUCKET_NOT_FOUND":                   func(c *call) *response { return errBucket(c.bucket) },
	"EXPORT_BUCKET_DELETE_FAILED":               func(c *call) *response { return errDeleteFailed(c.bucket) },
	"EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE": func(c *call) *response { return errInUse(c.bucket) },
	"EXPORT_BUCKET_NAME_INVALID":                func(*call) *response { return errBucketName() },
	"GROUP_NOT_FOUND":                           func(c *call) *response { return errGroup(c.project) },
	"MALFORMED_JSON":                            func(*call) *response { return errMalformed() },
	"NOT_IN_GROUP":                              func(*call) *response { return errNotInGroup() },
	"INVALID_VERSION_DATE":                      func(*call) *response { return errVersion() },
	"RESOURCE_NOT_FOUND":                        func(c *call) *response { return errNoSuchPath(c.request.URL.Path) },
	"USER_UNAUTHORIZED":                         func(*call) *response { return errRole() },
}

// faultStatus returns the error of a [Status] fault. Without a code a 401 is a
// challenge.
func (s *Server) faultStatus(c *call, f *Fault) *response {
	switch {
	case f.status == http.StatusUnauthorized && f.code == "" && f.detail == "" && f.parameters == "":
		return s.challenge(false)
	case f.status == http.StatusTooManyRequests && f.code == "":
		return f.overwrite(s.faultRateLimit(c, time.Second))
	}
	if known := knownErrors[f.code]; known != nil {
		return f.overwrite(known(c))
	}
	code := defaultCodes[f.status]
	if code == "" {
		code = "UNEXPECTED_ERROR"
	}
	return f.overwrite(fail(f.status, code, "This error was requested: %s.", f.String()))
}

// overwrite replaces the parts of an error that the fault sets.
func (f *Fault) overwrite(a *response) *response {
	body, _ := a.value.(apiError)
	if f.status != 0 {
		a.status, body.Error, body.Reason = f.status, f.status, http.StatusText(f.status)
	}
	if f.code != "" {
		body.ErrorCode = f.code
		a.set("X-Error-Code", f.code)
	}
	if f.detail != "" {
		body.Detail = f.detail
	}
	if f.parameters != "" {
		body.Parameters = nil
		_ = json.Unmarshal([]byte(f.parameters), &body.Parameters) // check has validated it
	}
	a.value = body
	return a
}

func (s *Server) faultRateLimit(c *call, retryAfter time.Duration) *response {
	a := fail(http.StatusTooManyRequests, "RATE_LIMITED", "Resource %s is limited to %d requests every %d minutes.",
		c.request.URL.EscapedPath(), s.config.rate.Capacity, 1)
	if retryAfter > 0 {
		a.set("Retry-After", strconv.Itoa(ceilSeconds(retryAfter)))
		a.set("Ratelimit-Limit", strconv.Itoa(s.config.rate.Capacity))
		a.set("Ratelimit-Remaining", "0")
	}
	return a
}
