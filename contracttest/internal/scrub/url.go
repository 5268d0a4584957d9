package scrub

import (
	"net/url"
	"regexp"
	"strings"
)

// pathWords are the segments that the paths of the Atlas Administration API are made of,
// so that a recording of any operation can be matched. A resource whose name is one of
// them keeps it.
var pathWords = words("api atlas v1.0 v2 " + `
	access accessList accountDetails activeVpcPeeringConnections activityFeed aiModelApiClouds
	aiModelApiKeys aiModelApiRateLimits alertConfigs alerts all apiKeys associatedInvoices auditLog
	auditLogs autoDefer autoIndexing autoScalingConfiguration availableProjects awsCustomDNS backup
	backupCheckpoints backupCompliancePolicy billing byName certs cloudProviderAccess
	clusterConfigurations clusters collectionRestoreJobs collections collStats connectedOrgConfigs
	connections containers controlPlaneIPAddresses costExplorer csv customDBRoles customerX509
	customZoneMapping cutover databases databaseUsers dataFederation dbAccessHistory defaultGroupLimits
	defer delegationSettings deployment details disable disks download dropIndexSuggestions enable
	encryptionAtRest endpoint endpointIds endpointService events eventTypes exportBuckets exports
	failoverConnections failovers federationSettings fieldNames flexClusters fts geographies
	globalWrites groups hosts identityProviders index indexes instance integrations invites invoices
	ipAddresses jwks ldap limits lineItems linkTokens liveMigrations logIntegrations logs
	maintenanceSettings maintenanceWindow managedNamespaces managedSlowMs matchers mcpConfigs
	measurements metadata.xml metricIntegrations metrics modelGroupNames mongoDBVersions namespaces
	nonCompliantResources oauth onlineArchives orgs outageSimulation overloadSimulations peers pending
	performanceAdvisor pinned privateEndpoint privateEndpoints privateIpMode privateLinkConnections
	privateNetworkSettings processArgs processes processor processors provider pushBasedLogExport
	queryLogs.gz queryShapeInsights queryShapes rateLimits regionalMode regions reports
	resourcePolicies restartPrimaries restoreJobs revoke roleMappings roles sampleDatasetLoad sandbox
	sandboxConfig schedule schemaAdvice search secrets serverless serviceAccounts settings
	shardedCluster shardedClusters skus slowQueryLogs snapshots snapshotSchedule sqlInterface
	standbyLinks status streams suggestedIndexes summaries teams tenantUpgrade
	tenantUpgradeToServerless token unauth unpin usage users userSecurity userToDNMapping validate
	verify vpcPeeringConnections`)

func words(text string) map[string]bool {
	set := map[string]bool{"": true}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// queryValues are the query parameters that stay, each with the values that may.
var queryValues = map[string]*regexp.Regexp{
	"envelope": boolean, "pretty": boolean, "includeCount": boolean, "itemsPerPage": number, "pageNum": number,
}

var (
	boolean = regexp.MustCompile(`^(?i:true|false|[01])?$`)
	number  = regexp.MustCompile(`^-?[0-9]{0,9}$`)
)

// URL scrubs an absolute or a relative address. User names and fragments go.
func (s *Scrubber) URL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" {
		return s.opaque(address)
	}
	var b strings.Builder
	if u.Host != "" {
		if u.Scheme == "http" || u.Scheme == "https" {
			b.WriteString(u.Scheme + ":")
		}
		b.WriteString("//" + s.host(u.Host))
	}
	b.WriteString(s.path(u.Path))
	if u.RawQuery != "" {
		b.WriteString("?" + s.query(u.RawQuery))
	}
	return s.out(b.String())
}

// Host scrubs a host, with its port.
func (s *Scrubber) Host(host string) string { return s.out(s.host(host)) }

// Query scrubs the query of a URL.
func (s *Scrubber) Query(raw string) string { return s.out(s.query(raw)) }

func (s *Scrubber) path(path string) string {
	segments := strings.Split(path, "/")
	before := ""
	for i, segment := range segments {
		if !pathWords[segment] {
			segments[i] = s.segment(before, segment)
		}
		before = segment
	}
	return strings.Join(segments, "/")
}

func (s *Scrubber) segment(before, segment string) string {
	switch before {
	case "groups":
		return s.id(projectID, segment)
	case "exportBuckets":
		return s.id(bucketID, segment)
	}
	return s.opaque(segment)
}

// query keeps the order of the parameters and their repetitions.
func (s *Scrubber) query(raw string) string {
	params := strings.Split(raw, "&")
	for i, param := range params {
		name, value, hasValue := strings.Cut(param, "=")
		allowed := queryValues[name]
		switch {
		case param == "" || allowed != nil && allowed.MatchString(value):
			continue
		case allowed == nil:
			name = Redacted
		}
		if params[i] = name; hasValue {
			unescaped, err := url.QueryUnescape(value)
			if err != nil {
				unescaped = value
			}
			params[i] += "=" + s.opaque(unescaped)
		}
	}
	return strings.Join(params, "&")
}
