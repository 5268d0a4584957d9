package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// APIVersion is a version of the Atlas Administration API.
type APIVersion string

// The API versions that the client supports.
const (
	// V20240530 supports all providers and all five operations. It is the default.
	V20240530 APIVersion = "2024-05-30"
	// V20230101 supports only AWS, and no update.
	//
	// Deprecated: Atlas turns list, create and get of version 2023-01-01 off on 2027-07-01.
	// Delete exists only in this version and has no such date.
	V20230101 APIVersion = "2023-01-01"
	// V1 is the API before dated versions. It supports only AWS, and no update.
	V1 APIVersion = "v1.0"
)

// ErrInvalidVersion matches errors about features that an API version lacks: a
// [*VersionError], and Atlas's refusal of a version (406).
var ErrInvalidVersion = errors.New("exportbuckets: the API version cannot do this")

// VersionError reports that the client's API version lacks a feature that a call needs. No
// request was sent. It matches [ErrInvalidVersion] and errors.ErrUnsupported.
type VersionError struct {
	// Feature is the missing feature, such as "an update" or "a bucket on GCP".
	Feature string
	// Version is the client's version.
	Version APIVersion
	// Need is a version that has the feature.
	Need APIVersion
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("exportbuckets: API version %s does not support %s: the default version %s does; remove WithAPIVersion(%q) or pass that version",
		e.Version, e.Feature, e.Need, string(e.Version))
}

// Is matches the version sentinels.
func (e *VersionError) Is(target error) bool {
	return target == ErrInvalidVersion || target == errors.ErrUnsupported
}

// canCreate returns an error if version v cannot add t. Versions before 2024-05-30 support
// only AWS.
func (v APIVersion) canCreate(t Target) error {
	if _, isAWS := t.(AWS); isAWS || v == V20240530 {
		return nil
	}
	provider := t.Provider()
	if provider == "" {
		provider = "an unknown provider"
	}
	return &VersionError{Feature: "a bucket on " + string(provider), Version: v, Need: V20240530}
}

// canUpdate returns an error if version v lacks the update operation.
func (v APIVersion) canUpdate() error {
	if v == V20240530 {
		return nil
	}
	return &VersionError{Feature: "an update", Version: v, Need: V20240530}
}

// mediaType returns the media type of responses to method, which contains the version's
// date. The newest version of the delete operation is 2023-01-01, so every dated client
// requests that one for DELETE.
func (v APIVersion) mediaType(method string) string {
	switch {
	case v == V1:
		return plainType
	case v == V20230101 || method == http.MethodDelete:
		return type20230101
	default:
		return type20240530
	}
}

// versionIn returns the version in a media type, "" if it has none.
func versionIn(mediaType string) APIVersion {
	_, rest, dated := strings.Cut(mediaType, "application/vnd.atlas.")
	date, _, ok := strings.Cut(rest, "+")
	if !dated || !ok {
		return ""
	}
	return APIVersion(date)
}

const (
	plainType    = "application/json"
	type20230101 = "application/vnd.atlas." + string(V20230101) + "+json"
	type20240530 = "application/vnd.atlas." + string(V20240530) + "+json"
)

// versionLayer sets the Accept and User-Agent headers, and reports the deprecation notices
// in responses.
type versionLayer struct {
	version   APIVersion // "" if the caller sets Accept
	userAgent string
	notices   *deprecationNotices
	next      http.RoundTripper
}

func (l *versionLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	// The backend or callLayer created the request for this call, so this layer may modify
	// it.
	version := l.version
	if version == "" {
		version = versionIn(req.Header.Get("Accept"))
	} else {
		req.Header.Set("Accept", version.mediaType(req.Method))
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", l.userAgent)
	}
	res, err := l.next.RoundTrip(req)
	if err == nil {
		l.notices.read(req.Context(), res.Header, version)
		dropBadLocation(res)
	}
	return res, err
}

// dropBadLocation removes a Location that cannot be parsed. With it http.Client would
// return an error that repeats the Location and lacks the status.
func dropBadLocation(res *http.Response) {
	if location := res.Header.Get("Location"); location != "" {
		if _, err := res.Request.URL.Parse(location); err != nil {
			res.Header.Del("Location")
		}
	}
}

// checkMediaType returns an error if a response's media type is not the requested one: it
// has another version or is not JSON. Parameters and case are ignored.
func (v APIVersion) checkMediaType(res *http.Response) error {
	want := v.mediaType(res.Request.Method)
	header := res.Header.Get("Content-Type")
	got, _, _ := strings.Cut(header, ";")
	if strings.EqualFold(strings.TrimSpace(got), want) {
		return nil
	}
	return &MediaTypeError{Got: header, Want: want}
}

// checkNoContent returns an error if a response does not confirm a deletion: Atlas
// confirms it with 204. The media type, which contains the version, may be missing.
func (v APIVersion) checkNoContent(res *http.Response) error {
	if res.StatusCode != http.StatusNoContent {
		return errors.New("a deletion is confirmed only by status 204")
	}
	if res.Header.Get("Content-Type") == "" {
		return nil
	}
	return v.checkMediaType(res)
}

// MediaTypeError reports that a response's media type is not the requested one, so
// its content may have a different meaning. It is the Cause of an [*Error].
type MediaTypeError struct {
	Got, Want string
}

func (e *MediaTypeError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("the response has no Content-Type; expected %s", e.Want)
	}
	return fmt.Sprintf("the response's Content-Type is %s; expected %s", oneLine(e.Got, 100), e.Want)
}
