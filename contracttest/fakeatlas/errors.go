package fakeatlas

import (
	"fmt"
	"net/http"
	"strings"
)

// apiError is the body of an error response, its fields in the order of
// contracttest/testdata/seen/404-group.http. Parameters are always present: without
// values they are an empty list or null.
type apiError struct {
	BadRequestDetail *badRequestDetail `json:"badRequestDetail,omitempty"`
	Detail           string            `json:"detail"`
	Error            int               `json:"error"`
	ErrorCode        string            `json:"errorCode"`
	Parameters       []any             `json:"parameters"`
	Reason           string            `json:"reason"`
}

type badRequestDetail struct {
	Fields []fieldViolation `json:"fields"`
}

type fieldViolation struct {
	Description string `json:"description"`
	Field       string `json:"field"`
}

// fail returns an error response. The detail is a format; its values are also the
// parameters of the body, as Atlas has them, so they may be of mixed types.
func fail(status int, code, detail string, parameters ...any) *response {
	if parameters == nil {
		parameters = []any{}
	}
	body := apiError{
		Detail: fmt.Sprintf(detail, parameters...), Error: status, ErrorCode: code,
		Parameters: parameters, Reason: http.StatusText(status),
	}
	return body.response()
}

func (e apiError) response() *response {
	a := &response{status: e.Error, mediaType: plainJSON, value: e}
	a.set("X-Error-Code", e.ErrorCode)
	a.set("Vary", "Accept-Encoding")
	return a
}

// The errors of the steps and operations. Codes and details are those that Atlas
// documents on its page of API error codes, unless a comment names another source or
// is marked "inferred".

func errNoSuchPath(path string) *response {
	return fail(http.StatusNotFound, "RESOURCE_NOT_FOUND", "Cannot find resource %s.", path)
}

// errMethod is inferred.
func errMethod(method, allow string) *response {
	a := fail(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "The method %s is not allowed for this resource.", method)
	a.set("Allow", allow)
	return a
}

// The body of a challenge, byte for byte as in contracttest/testdata/seen: that of
// 401-2026-07.http, and with [ChallengeErrorCode] that of 401-2026-08.http.
const (
	challengeBody = `{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "You are not authorized for this resource."
}`
	challengeBodyWithCode = `{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "You are not authorized for this resource.",
  "errorCode" : "UNEXPECTED_ERROR"
}`
)

// errAddress has the code that Atlas sends today; the page documents the same detail with
// IP_ADDRESS_NOT_ON_WHITELIST.
func errAddress(ip string) *response {
	return fail(http.StatusForbidden, "IP_ADDRESS_NOT_ON_ACCESS_LIST",
		"IP address %s is not allowed to access this resource.", ip)
}

// errNotInGroup is the response to an account of another organization (inferred).
func errNotInGroup() *response {
	return fail(http.StatusUnauthorized, "NOT_IN_GROUP",
		"The current user is not in the group, or the group does not exist.")
}

// errRole is documented as a 401, not a 403. The absence of a challenge is inferred.
func errRole() *response {
	return fail(http.StatusUnauthorized, "USER_UNAUTHORIZED", "Current user is not authorized to perform this action.")
}

// errVersion is as in contracttest/testdata/seen/406.http.
func errVersion() *response {
	return fail(http.StatusNotAcceptable, "INVALID_VERSION_DATE", "Invalid accept header or version date.")
}

func errGroupID(id string) *response {
	return fail(http.StatusNotFound, "INVALID_GROUP_ID", "An invalid group ID %s was specified.", id)
}

// errGroup is as in contracttest/testdata/seen/404-group.http.
func errGroup(id string) *response {
	a := fail(http.StatusNotFound, "GROUP_NOT_FOUND", "No group with ID %s exists.", id)
	a.without = "X-Mongodb-Service-Version"
	return a
}

// errBucket has the detail as it is documented, with its double negation.
func errBucket(id string) *response {
	return fail(http.StatusNotFound, "EXPORT_BUCKET_NOT_FOUND", "No export Bucket with ID %s does not exist.", id)
}

// errInUse has a code that users of Terraform reported; its detail is inferred.
func errInUse(id string) *response {
	return fail(http.StatusBadRequest, "EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE",
		"Export bucket %s is used by the auto export of a cluster.", id)
}

// errDeleteFailed is the response for a fault with this code.
func errDeleteFailed(id string) *response {
	return fail(http.StatusBadRequest, "EXPORT_BUCKET_DELETE_FAILED", "Failed to delete export Bucket with ID %s.", id)
}

func errBucketName() *response {
	return fail(http.StatusBadRequest, "EXPORT_BUCKET_NAME_INVALID", "Export Bucket name is invalid.")
}

func errQuery(name string) *response {
	return fail(http.StatusBadRequest, "INVALID_QUERY_PARAMETER", "Invalid query parameter %s specified.", name)
}

// errMediaType is inferred.
func errMediaType(mediaType string) *response {
	return fail(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The media type %s is not supported.", mediaType)
}

// errTooLarge is inferred.
func errTooLarge(limit int) *response {
	return fail(http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "The request body is larger than %d bytes.", limit)
}

// errCutShort refuses a body that ends before its Content-Length or its last chunk
// (inferred).
func errCutShort() *response {
	return fail(http.StatusBadRequest, "INCOMPLETE_REQUEST", "The request body is cut short.").hangingUp()
}

// errTooSlow refuses a body that did not arrive in time (inferred).
func errTooSlow() *response {
	return fail(http.StatusRequestTimeout, "REQUEST_TIMEOUT", "The request body did not arrive in time.").hangingUp()
}

// hangingUp marks the response, so that the connection is closed after it.
func (a *response) hangingUp() *response {
	a.set("Connection", "close")
	return a
}

func errMalformed() *response {
	return fail(http.StatusBadRequest, "MALFORMED_JSON", "Received JSON is malformed.")
}

func errUnknownField(name string) *response {
	return fail(http.StatusBadRequest, "INVALID_ATTRIBUTE", "Invalid attribute %s specified.", name)
}

// errFieldType is the response to an attribute of the wrong type or form, such as an
// AWS role's name in place of Atlas's id of the role.
func errFieldType(name string) *response {
	return fail(http.StatusBadRequest, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the %s attribute does not match expected format.", name)
}

func errMissing(name string) *response {
	return fail(http.StatusBadRequest, "MISSING_ATTRIBUTE", "The required attribute %s was not specified.", name)
}

func errEnum(value string) *response {
	return fail(http.StatusBadRequest, "INVALID_ENUM_VALUE", "An invalid enumeration value %s was specified.", value)
}

// errInvalid is VALIDATION_ERROR. The contract declares its list of fields; the texts of
// the violations are inferred.
func errInvalid(fields []fieldViolation) *response {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = f.Field + " " + f.Description
	}
	a := fail(http.StatusBadRequest, "VALIDATION_ERROR",
		"The request content produced the validation error: %s.", strings.Join(texts, "; "))
	body, _ := a.value.(apiError)
	body.BadRequestDetail = &badRequestDetail{Fields: fields}
	a.value = body
	return a
}

// errInternal is the response for a fault; the fake itself never fails this way.
func errInternal() *response {
	return fail(http.StatusInternalServerError, "UNEXPECTED_ERROR", "Unexpected error.")
}
