package fakeatlas

import (
	"net/http"
	"strings"
)

// Operation is the operation that a request calls.
type Operation string

// The operations of the contract.
const (
	OpList   Operation = "list"
	OpCreate Operation = "create"
	OpGet    Operation = "get"
	OpUpdate Operation = "update"
	OpDelete Operation = "delete"
)

// The operations of OAuth, and OpUnknown for a request that the fake has no rule for.
const (
	OpToken   Operation = "token"
	OpRevoke  Operation = "revoke"
	OpUnknown Operation = ""
)

// javaMethods are the values of X-Java-Method, as in contracttest/testdata/seen; that
// of update is inferred.
var javaMethods = map[Operation]string{
	OpList:   "ApiAtlasDiskBackupExportBucketsResource::getAllExportBucketsByGroup",
	OpCreate: "ApiAtlasDiskBackupExportBucketsResource::addExportBucket",
	OpGet:    "ApiAtlasDiskBackupExportBucketsResource::getExportBucketById",
	OpUpdate: "ApiAtlasDiskBackupExportBucketsResource::updateExportBucket",
	OpDelete: "ApiAtlasDiskBackupExportBucketsResource::deleteExportBucket",
}

// writes reports whether an operation needs the role Project Backup Manager.
func (op Operation) writes() bool {
	return op == OpCreate || op == OpUpdate || op == OpDelete
}

// target is the result of routing a request.
type target struct {
	op        Operation
	legacy    bool   // v1.0 instead of v2
	knownPath bool   // the fake knows the path, for any method
	allow     string // the methods of a known path
	project   string
	bucket    string
	name      string // the name of a project or cluster, or the id of an organization
}

// route routes the escaped path, so that an encoded slash stays part of an id, and the
// check of the id refuses it.
func route(method, escapedPath string) target {
	switch escapedPath {
	case "/api/oauth/token":
		return oauthTarget(method, OpToken)
	case "/api/oauth/revoke":
		return oauthTarget(method, OpRevoke)
	}
	seg := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	if len(seg) < 4 || seg[0] != "api" || seg[1] != "atlas" || seg[2] != "v2" && seg[2] != versionLegacy {
		return target{}
	}
	legacy := seg[2] == versionLegacy
	if len(seg) < 7 || len(seg) > 8 || seg[3] != "groups" || seg[5] != "backup" || seg[6] != "exportBuckets" {
		return relatedTarget(method, legacy, seg[3:])
	}
	t := target{legacy: legacy, knownPath: true, project: seg[4]}
	if len(seg) == 8 {
		t.bucket = seg[7]
		t.op, t.allow = bucketOperation(method, t.legacy)
	} else {
		t.op, t.allow = collectionOperation(method), "GET, POST"
	}
	return t
}

func oauthTarget(method string, op Operation) target {
	if method != http.MethodPost {
		op = OpUnknown
	}
	return target{op: op, knownPath: true, allow: http.MethodPost}
}

func collectionOperation(method string) Operation {
	switch method {
	case http.MethodGet:
		return OpList
	case http.MethodPost:
		return OpCreate
	}
	return OpUnknown
}

func bucketOperation(method string, legacy bool) (op Operation, allow string) {
	allow = "DELETE, GET, PATCH"
	if legacy {
		allow = "DELETE, GET"
	}
	switch {
	case method == http.MethodGet:
		return OpGet, allow
	case method == http.MethodDelete:
		return OpDelete, allow
	case method == http.MethodPatch && !legacy:
		return OpUpdate, allow
	}
	return OpUnknown, allow
}
