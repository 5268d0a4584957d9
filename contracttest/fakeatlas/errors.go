package fakeatlas

import (
	"fmt"
	"net/http"
)

// apiError is the body of an error answer, its fields in the recorded order.
type apiError struct {
	BadRequestDetail *badRequestDetail `json:"badRequestDetail,omitempty"`
	Detail           string            `json:"detail"`
	Error            int               `json:"error"`
	ErrorCode        string            `json:"errorCode"`
	Parameters       []any             `json:"parameters,omitempty"`
	Reason           string            `json:"reason"`
}

type badRequestDetail struct {
	Fields []fieldViolation `json:"fields"`
}

type fieldViolation struct {
	Description string `json:"description"`
	Field       string `json:"field"`
}

// fail makes an error answer. The detail is a format; its values are also the
// parameters of the body, as Atlas has them, so they may be of mixed types.
func fail(status int, code, detail string, parameters ...any) *answer {
	body := apiError{
		Detail: fmt.Sprintf(detail, parameters...), Error: status, ErrorCode: code,
		Parameters: parameters, Reason: http.StatusText(status),
	}
	return body.answer()
}

func (e apiError) answer() *answer {
	a := &answer{status: e.Error, mediaType: plainJSON, value: e}
	a.set("X-Error-Code", e.ErrorCode)
	return a
}

// The errors that the steps answer with. Codes and details are those that Atlas
// sends or documents, unless marked as inferred.

func errNoSuchPath(path string) *answer {
	return fail(http.StatusNotFound, "RESOURCE_NOT_FOUND", "Cannot find resource %s.", path)
}

// errMethod is inferred.
func errMethod(method, allow string) *answer {
	a := fail(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "The method %s is not allowed for this resource.", method)
	a.set("Allow", allow)
	return a
}

// errUnauthorized is the body of the recorded Digest challenge.
func errUnauthorized() *answer {
	return apiError{
		Detail: "You are not authorized for this resource.",
		Error:  http.StatusUnauthorized, ErrorCode: "UNEXPECTED_ERROR", Reason: "Unauthorized",
	}.answer()
}

func errAddress(ip string) *answer {
	return fail(http.StatusForbidden, "IP_ADDRESS_NOT_ON_ACCESS_LIST",
		"IP address %s is not allowed to access this resource.", ip)
}

// errNotInGroup is what Atlas says to a key of another organization.
func errNotInGroup() *answer {
	return fail(http.StatusUnauthorized, "NOT_IN_GROUP",
		"The current user is not in the group, or the group does not exist.")
}

// errRole is what users of read-only keys report: a 401, not a 403, and without a
// challenge.
func errRole() *answer {
	return fail(http.StatusUnauthorized, "USER_UNAUTHORIZED", "Current user is not authorized to perform this action.")
}

func errVersion() *answer {
	return fail(http.StatusNotAcceptable, "INVALID_VERSION_DATE", "Invalid accept header or version date.")
}

func errGroupID(id string) *answer {
	return fail(http.StatusNotFound, "INVALID_GROUP_ID", "An invalid group ID %s was specified.", id)
}

func errGroup(id string) *answer {
	return fail(http.StatusNotFound, "GROUP_NOT_FOUND", "No group with ID %s exists.", id)
}

func errBucket(id string) *answer {
	return fail(http.StatusNotFound, "EXPORT_BUCKET_NOT_FOUND", "No export bucket with ID %s exists.", id)
}

// errInUse has the documented code; its detail is ours.
func errInUse(id string) *answer {
	return fail(http.StatusBadRequest, "EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE",
		"Export bucket %s is used by the auto export of a cluster.", id)
}

func errQuery(name string) *answer {
	return fail(http.StatusBadRequest, "INVALID_QUERY_PARAMETER", "Invalid query parameter %s specified.", name)
}

func errMediaType(mediaType string) *answer {
	return fail(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The media type %s is not supported.", mediaType)
}

func errTooLarge(limit int) *answer {
	return fail(http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "The request body is larger than %d bytes.", limit)
}

func errMalformed() *answer {
	return fail(http.StatusBadRequest, "MALFORMED_JSON", "Received JSON is malformed.")
}

func errUnknownField(name string) *answer {
	return fail(http.StatusBadRequest, "INVALID_ATTRIBUTE", "Invalid attribute %s specified.", name)
}

func errFieldType(name string) *answer {
	return fail(http.StatusBadRequest, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the %s attribute does not match expected format.", name)
}

func errMissing(name string) *answer {
	return fail(http.StatusBadRequest, "MISSING_ATTRIBUTE", "The required attribute %s was not specified.", name)
}

func errEnum(value string) *answer {
	return fail(http.StatusBadRequest, "INVALID_ENUM_VALUE", "An invalid enumeration value %s was specified.", value)
}

// errInvalid is the documented VALIDATION_ERROR, with its list of fields.
func errInvalid(fields []fieldViolation) *answer {
	return apiError{
		BadRequestDetail: &badRequestDetail{Fields: fields},
		Detail:           "Validation failed for one or more fields.",
		Error:            http.StatusBadRequest, ErrorCode: "VALIDATION_ERROR", Reason: "Bad Request",
	}.answer()
}

// errInternal is what a fault asks for; the fake itself never fails this way.
func errInternal() *answer {
	return fail(http.StatusInternalServerError, "UNEXPECTED_ERROR", "Unexpected error.")
}
