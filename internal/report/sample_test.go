package report

// entry returns a value for Location.Entry.
func entry(n int) *int { return &n }

// verifySample is a report in the form that verify produces: six findings and a warning,
// five operations covered, one file that could not be read.
func verifySample() *Report {
	return &Report{
		Kind:  Findings,
		Title: "Recordings against the contract",
		Tool:  Tool{Name: "exportbuckets verify", Version: "v0.1.0", URL: "https://github.com/atlas-exportbuckets/exportbuckets"},
		Subject: []Label{
			{"recordings", "recordings/"}, {"contract", "v2-2024-05-30.yaml"}, {"evidence", "2025-04-02 to 2026-08-11"},
		},
		Verdict: Verdict{Name: "fail", Level: LevelError, Text: "6 errors and 1 warning in 67 exchanges of 9 files"},
		Counters: []Counter{
			{Name: "files", Value: 9}, {Name: "exchanges", Value: 71}, {Name: "checked", Value: 67}, {Name: "out of scope", Value: 4},
			{Name: "errors", Value: 6, Level: LevelError}, {Name: "warnings", Value: 1, Level: LevelWarning},
		},
		Items:      verifyItems(),
		Rules:      verifyRules(),
		Coverage:   coverageSample(),
		Unreadable: []Unreadable{{Location{File: "recordings/har/nightly.har", Entry: entry(17), Line: 902}, "unexpected end of JSON: the file was cut off; record it again"}},
		Document:   map[string]any{"summary": map[string]int{"files": 9, "errors": 6}},
	}
}

func verifyRules() []Rule {
	return []Rule{
		{"schema", "A value breaks the schema that the contract declares for it.", "Compare the value with the contract's place. If the service is right, correct the contract with a reason.", LevelError},
		{"undeclared-field", "A response has a field that no branch of its schema declares.", "Declare the field, or run verify with the newest contract.", LevelError},
		{"undeclared-status", "A response has a status that the operation does not declare.", "Declare the status, redirects included.", LevelError},
		{"media-type", "A response does not have the expected media type and version.", "Ask for a version that the operation has.", LevelError},
		{"undeclared-query", "A request has a query parameter that the operation does not declare.", "Remove it, or declare it.", LevelWarning},
		{"secret", "A recording contains a credential.", "Revoke the credential, then record again through the recorder, which scrubs it.", LevelError},
	}
}

func verifyItems() []Item { return append(valueItems(), exchangeItems()...) }

// valueItems are findings about values in bodies.
func valueItems() []Item {
	id := `{"_id":"BAD","bucketName":"snapshots-eu","cloudProvider":"AWS","iamRoleId":"c0fa4ea71a50000000000002"}`
	provider := `{"bucketName":"snapshots-eu","cloudProvider":"GPC","roleId":"c0fa4ea71a50000000000002"}`
	networking := `"iamRoleId":"c0fa4ea71a50000000000002","region":"us-east-1","requirePrivateNetworking":true}`
	return []Item{
		{
			Rule: "schema", Keyword: "pattern", Level: LevelError,
			Message:  "_id is not a 24-digit hexadecimal id",
			Expected: `^([a-f0-9]{24})$`, Actual: id,
			Hint:     "the recording was edited by hand: ids that the recorder maps keep their form",
			Curl:     `curl --digest -H 'Accept: application/vnd.atlas.2024-05-30+json' https://cloud.mongodb.com/api/atlas/v2/groups/c0fa4ea71a50000000000001/backup/exportBuckets/c0fa4ea71a50000000000002`,
			Count:    12,
			Location: Location{"recordings/har/a.har", entry(4), 210, "/_id"},
			Places: []Location{
				{"recordings/har/a.har", entry(4), 210, "/_id"}, {"recordings/har/a.har", entry(9), 398, "/_id"}, {"recordings/govcr/b.yaml", entry(0), 12, "/_id"},
			},
			Related:    &Location{"v2-2024-05-30.yaml", nil, 88, "/components/schemas/AWSExportBucket/properties/_id/pattern"},
			Operations: []string{"getExportBucket"}, Versions: []string{"2024-05-30"}, Labels: []Label{{"status", "200"}},
		},
		{
			Rule: "schema", Keyword: "discriminator", Level: LevelError,
			Message:  "cloudProvider names no branch of the union",
			Expected: `"AWS", "AZURE" or "GCP"`, Actual: provider,
			Hint:       "did you mean GCP?",
			Location:   Location{"recordings/http/02-create.http", entry(0), 14, "/cloudProvider"},
			Related:    &Location{"v2-2024-05-30.yaml", nil, 140, "/components/schemas/ExportBucket/discriminator"},
			Operations: []string{"createExportBucket"}, Versions: []string{"2024-05-30"}, Labels: []Label{{"status", "200"}},
		},
		{
			Rule: "undeclared-field", Level: LevelError,
			Message: "requirePrivateNetworking is declared by no branch",
			Actual:  networking,
			Hint:    "declared since 2025-08 upstream: update the contract",
			Next:    "make openapi UPSTREAM=atlas-v2.yaml",
			Count:   41, Location: Location{"recordings/har/exportbuckets-2025-08.har", entry(2), 131, "/results/0/requirePrivateNetworking"},
			Places:     []Location{{"recordings/har/exportbuckets-2025-08.har", entry(3), 177, "/results/0/requirePrivateNetworking"}},
			Related:    &Location{"v2-2024-05-30.yaml", nil, 131, "/components/schemas/AWSExportBucket"},
			Operations: []string{"listExportBuckets", "getExportBucket"}, Versions: []string{"2024-05-30"}, Labels: []Label{{"status", "200"}},
		},
	}
}

// exchangeItems are findings about exchanges as a whole.
func exchangeItems() []Item {
	return []Item{
		{
			Rule: "undeclared-status", Level: LevelError,
			Message:  "the operation declares no 409",
			Expected: "200, 400, 401, 403, 404, 429 or 500", Actual: "409",
			Location:   Location{"recordings/har/a.har", entry(22), 812, ""},
			Related:    &Location{"v2-2024-05-30.yaml", nil, 41, "/paths/~1api~1atlas~1v2~1groups~1{groupId}~1backup~1exportBuckets/post/responses"},
			Operations: []string{"createExportBucket"}, Versions: []string{"2024-05-30"},
		},
		{
			Rule: "media-type", Level: LevelError,
			Message:  "the response has an unexpected version",
			Expected: "application/vnd.atlas.2024-05-30+json", Actual: "application/vnd.atlas.2023-01-01+json",
			Hint:       "a later date in Accept snaps down: this request asked for 2024-01-15",
			Location:   Location{"recordings/govcr/b.yaml", entry(6), 340, ""},
			Related:    &Location{"v2-2024-05-30.yaml", nil, 52, ""},
			Operations: []string{"updateBackupExportBucket"}, Versions: []string{"2024-05-30"}, Labels: []Label{{"status", "200"}},
		},
		{
			Rule: "secret", Level: LevelError,
			Message:    "the request contains an Authorization value",
			Actual:     "Authorization: Bearer ********",
			Next:       "revoke the token, then record again with --record, which never writes it",
			Location:   Location{"recordings/har/a.har", entry(0), 9, ""},
			Operations: []string{"deleteExportBucket"}, Versions: []string{"2023-01-01"},
		},
		{
			Rule: "undeclared-query", Level: LevelWarning,
			Message:  "the query parameter pagenum is not declared",
			Expected: "envelope, pretty, includeCount, itemsPerPage or pageNum", Actual: "pagenum=2",
			Hint:       "did you mean pageNum?",
			Location:   Location{"recordings/http/05-list.http", entry(0), 1, ""},
			Operations: []string{"listExportBuckets"}, Versions: []string{"2024-05-30"},
		},
	}
}

func coverageSample() *Coverage {
	return &Coverage{
		Percent: 61.5, Minimum: 80, Seen: 131, Total: 213, Evidence: "2025-04-02 to 2026-08-11",
		Operations: []OperationCoverage{
			{"listExportBuckets", "GET", "/api/atlas/v2/groups/{groupId}/backup/exportBuckets", "2024-05-30", 82.1,
				operationResponses(map[string]int{"200": 31, "401": 2, "404": 1}, 24, "/results/0/links", "/results/0/region")},
			{"createExportBucket", "POST", "/api/atlas/v2/groups/{groupId}/backup/exportBuckets", "2024-05-30", 74,
				operationResponses(map[string]int{"200": 12, "400": 3, "401": 1}, 12, "/links", "/region")},
			{"getExportBucket", "GET", "/api/atlas/v2/groups/{groupId}/backup/exportBuckets/{exportBucketId}", "2024-05-30", 61.5,
				operationResponses(map[string]int{"200": 12, "404": 4}, 12, "/links")},
			{"updateBackupExportBucket", "PATCH", "/api/atlas/v2/groups/{groupId}/backup/exportBuckets/{exportBucketId}", "2024-05-30", 12.5,
				operationResponses(map[string]int{"200": 1}, 0, "/links", "/region", "/requirePrivateNetworking")},
			{"deleteExportBucket", "DELETE", "/api/atlas/v2/groups/{groupId}/backup/exportBuckets/{exportBucketId}", "2023-01-01", 33.3,
				operationResponses(map[string]int{"204": 4}, 0)},
		},
	}
}

// operationResponses builds an operation's declared responses: the success, then the errors
// that every operation has.
func operationResponses(seen map[string]int, aws int, missing ...string) []ResponseCoverage {
	success := ResponseCoverage{Status: "200", MediaType: "application/vnd.atlas.2024-05-30+json", Exchanges: seen["200"]}
	if seen["204"] > 0 {
		success = ResponseCoverage{Status: "204", MediaType: "application/vnd.atlas.2023-01-01+json", Exchanges: seen["204"]}
	}
	if aws > 0 {
		success.Branches = []BranchCoverage{{"AWS", aws}, {"AZURE", seen["200"] - aws}, {"GCP", 0}}
		success.Values = Tally{1, 3, []string{"/cloudProvider = AZURE", "/cloudProvider = GCP"}}
	}
	if success.Status == "200" {
		success.Fields = Tally{9 - len(missing), 9, missing}
	}
	all := []ResponseCoverage{success}
	for _, status := range []string{"400", "401", "403", "404", "406", "429", "500"} {
		r := ResponseCoverage{Status: status, MediaType: "application/json", Exchanges: seen[status], Fields: Tally{0, 6, nil}}
		if r.Exchanges > 0 {
			r.Fields = Tally{5, 6, []string{"/badRequestDetail"}}
		}
		all = append(all, r)
	}
	return all
}

// driftSample is a report in the form that drift produces: five changes, one accepted
// change, one unused acceptance, and a note.
func driftSample() *Report {
	return &Report{
		Kind:    Changes,
		Title:   "Upstream against the contract",
		Tool:    Tool{Name: "exportbuckets drift", Version: "v0.1.0", URL: "https://github.com/atlas-exportbuckets/exportbuckets"},
		Subject: []Label{{"upstream", "atlas-v2.yaml"}, {"baseline", "the embedded contract, cut from 2026-08-19"}, {"as of", "2026-11-22"}},
		Verdict: Verdict{Name: "breaking", Level: LevelError, Text: "1 breaking, 2 tolerate, 1 additive, 1 planning"},
		Counters: []Counter{
			{Name: "breaking", Value: 1, Level: LevelError}, {Name: "tolerate", Value: 2, Level: LevelWarning},
			{Name: "additive", Value: 1, Level: LevelNote}, {Name: "planning", Value: 1, Level: LevelNote}, {Name: "docs", Value: 0},
		},
		Items: driftItems(),
		Rules: []Rule{
			{"request-field-required", "A request field became required.", "Requests that conform to the old contract may be refused.", LevelError},
			{"response-enum-value-added", "A response may have a new enum value.", "Make sure that unknown values are kept, not refused.", LevelWarning},
			{"response-field-nullable", "A field of a response may be null.", "Read the field through its pointer.", LevelWarning},
			{"response-field-added", "A response has a new field.", "Regenerate to read it.", LevelNote},
			{"sunset-moved", "A version's sunset moved.", "Plan the change of version.", LevelNote},
		},
		Notes: []Item{{
			Rule: "correction-not-needed", Message: "upstream now declares pretty on getExportBucket: the correction can be removed",
			Location: Location{"corrections.overlay.yaml", nil, 61, ""},
		}},
		Accepted: []Accepted{{
			Item: Item{
				ID: "a91f03c7", Rule: "response-header-added", Level: LevelNote, Verdict: "additive", Message: "429 declares Retry-After",
				Location: Location{"atlas-v2.yaml", nil, 20310, "/components/responses/tooManyRequests/headers/Retry-After"}, Operations: []string{"listExportBuckets"}, Versions: []string{"2024-05-30"},
			},
			Acceptance: Acceptance{ID: "a91f03c7", Reason: "the client reads it already", Expires: "2027-01-31"},
		}},
		UnusedAcceptances: []Acceptance{{ID: "77b0e21d", Reason: "waiting for the provider's fix", Expires: "2026-10-01", Expired: true}},
		Next:              "make openapi UPSTREAM=atlas-v2.yaml",
		Document:          map[string]any{"verdict": "breaking"},
	}
}

func driftItems() []Item {
	upstream := func(line int, pointer string) Location { return Location{"atlas-v2.yaml", nil, line, pointer} }
	base := func(line int, pointer string) *Location {
		return &Location{"v2-2024-05-30.yaml", nil, line, pointer}
	}
	both := []string{"2023-01-01", "2024-05-30"}
	return []Item{
		{
			ID: "3c5be0a1", Rule: "request-field-required", Level: LevelError, Verdict: "breaking",
			Message:  "an Azure request must name its bucketName",
			Expected: "", Actual: "required", Next: "set Azure.BucketName before you upgrade",
			Location: upstream(48211, "/components/schemas/DiskBackupSnapshotAzureExportBucketRequest/required"), Related: base(201, "/components/schemas/AzureExportBucketRequest/required"),
			Operations: []string{"createExportBucket"}, Versions: []string{"2024-05-30"}, Affects: []string{"client.Azure", "v20240530.AzureExportBucketRequest"},
			Labels: []Label{{"direction", "request"}},
		},
		{
			ID: "9d1c77e4", Rule: "response-enum-value-added", Level: LevelWarning, Verdict: "tolerate",
			Message: "cloudProvider may be OCI", Actual: `"OCI"`, Next: "handle client.Unknown where you switch over Target",
			Location: upstream(48090, "/components/schemas/DiskBackupSnapshotExportBucketResponse/properties/cloudProvider/enum"), Related: base(150, "/components/schemas/ExportBucket/properties/cloudProvider/enum"),
			Operations: []string{"listExportBuckets", "createExportBucket", "getExportBucket"}, Versions: []string{"2024-05-30"},
			Affects: []string{"client.Target", "client.Unknown", "v20240530.CloudProvider"}, Labels: []Label{{"direction", "response"}},
		},
		{
			ID: "e02f9b55", Rule: "response-field-nullable", Level: LevelWarning, Verdict: "tolerate",
			Message: "detail of an error may be null", Expected: "string", Actual: "string or null",
			Location: upstream(20177, "/components/schemas/ApiError/properties/detail/nullable"), Related: base(310, "/components/schemas/ApiError/properties/detail"),
			Operations: []string{"listExportBuckets", "createExportBucket", "getExportBucket", "updateBackupExportBucket", "deleteExportBucket"}, Versions: both,
			Affects: []string{"client.Error.Detail"}, Labels: []Label{{"direction", "response"}},
		},
		{
			ID: "51aa0d3e", Rule: "response-field-added", Level: LevelNote, Verdict: "additive",
			Message: "response field kmsKeyArn was added", Actual: `{"type": "string"}`, Next: "make openapi, then read it",
			Location:   upstream(48144, "/components/schemas/DiskBackupSnapshotAWSExportBucketResponse/properties/kmsKeyArn"),
			Operations: []string{"getExportBucket"}, Versions: []string{"2024-05-30"}, Affects: []string{"client.AWS"}, Labels: []Label{{"direction", "response"}},
		},
		{
			ID: "c4486f20", Rule: "sunset-moved", Level: LevelNote, Verdict: "planning",
			Message: "the sunset of 2023-01-01 moved by 397 days", Expected: "2026-05-30", Actual: "2027-07-01",
			Location: upstream(9120, "/paths/~1api~1atlas~1v2~1groups~1{groupId}~1backup~1exportBuckets/get"), Related: base(30, ""),
			Operations: []string{"listExportBuckets", "createExportBucket", "getExportBucket"}, Versions: []string{"2023-01-01"}, Labels: []Label{{"direction", "both"}},
		},
	}
}
