package fakeatlas

import (
	"net/http"
	"net/url"
	"time"
)

// Related operations are outside of the contract, but tools call them before or after
// operations on export buckets: MongoDB's Terraform provider waits for the list of clusters
// after it has deleted a bucket, and the Atlas CLI looks up projects and organizations. The
// fake has its projects, one organization to which they belong, and no clusters. Related
// operations have no rate limit. Their fields are those of Atlas's specification; the values
// are inferred.
const (
	OpListProjects      Operation = "list-projects"      // GET groups
	OpGetProject        Operation = "get-project"        // GET groups/ID and groups/byName/NAME
	OpListClusters      Operation = "list-clusters"      // GET groups/ID/clusters
	OpGetCluster        Operation = "get-cluster"        // GET groups/ID/clusters/NAME
	OpListOrganizations Operation = "list-organizations" // GET orgs
	OpGetOrganization   Operation = "get-organization"   // GET orgs/ID
)

// organizationID is the id of the organization to which all projects belong.
const organizationID = "fa4ea71a5000000000000003"

// relatedOperations contains the handlers of the related operations.
var relatedOperations = map[Operation]func(*Server, *call) *response{
	OpListProjects: (*Server).listProjects, OpGetProject: (*Server).getProject,
	OpListClusters: (*Server).listClusters, OpGetCluster: (*Server).getCluster,
	OpListOrganizations: (*Server).listOrganizations, OpGetOrganization: (*Server).getOrganization,
}

// isRelated reports whether the operation is not part of the contract.
func (op Operation) isRelated() bool { return relatedOperations[op] != nil }

// relatedTarget routes a path by its segments after the version.
func relatedTarget(method string, legacy bool, seg []string) target {
	t := target{legacy: legacy, knownPath: true, allow: http.MethodGet}
	is := func(n int, first string) bool { return len(seg) == n && seg[0] == first }
	switch {
	case is(1, "groups"):
		t.op = OpListProjects
	case is(2, "groups"):
		t.op, t.project = OpGetProject, seg[1]
	case is(3, "groups") && seg[1] == "byName":
		t.op, t.name = OpGetProject, seg[2]
	case is(3, "groups") && seg[2] == "clusters":
		t.op, t.project = OpListClusters, seg[1]
	case is(4, "groups") && seg[2] == "clusters":
		t.op, t.project, t.name = OpGetCluster, seg[1], seg[3]
	case is(1, "orgs"):
		t.op = OpListOrganizations
	case is(2, "orgs"):
		t.op, t.name = OpGetOrganization, seg[1]
	default:
		return target{}
	}
	if method != http.MethodGet {
		t.op = OpUnknown
	}
	return t
}

// projectBody is a project in a response.
type projectBody struct {
	ClusterCount              int    `json:"clusterCount"`
	Created                   string `json:"created"`
	ID                        string `json:"id"`
	Links                     []link `json:"links"`
	Name                      string `json:"name"`
	OrgID                     string `json:"orgId"`
	WithDefaultAlertsSettings bool   `json:"withDefaultAlertsSettings"`
}

func (s *Server) projectBody(c *call, id string) projectBody {
	return projectBody{
		Created: time.Unix(firstSecond, 0).UTC().Format(time.RFC3339), ID: id, Name: projectName(id), OrgID: organizationID,
		Links:                     s.selfLink(c, "/api/atlas/v2/groups/"+id),
		WithDefaultAlertsSettings: true,
	}
}

// projectName returns the name of a project of the fake.
func projectName(id string) string { return "fakeatlas-" + id }

func (s *Server) selfLink(c *call, path string) []link {
	return []link{{Href: s.origin(c) + path, Rel: "self"}}
}

func (s *Server) listProjects(c *call) *response {
	var all []projectBody
	for _, id := range s.visibleProjects(c) {
		all = append(all, s.projectBody(c, id))
	}
	return listResponse(s, c, all)
}

func (s *Server) getProject(c *call) *response {
	if c.name == "" {
		if refused := s.checkProject(c); refused != nil {
			return refused
		}
		return c.ok(s.projectBody(c, c.project))
	}
	name, _ := url.PathUnescape(c.name) // of a valid path
	for _, id := range s.visibleProjects(c) {
		if projectName(id) == name {
			return c.ok(s.projectBody(c, id))
		}
	}
	return fail(http.StatusNotFound, "GROUP_NAME_NOT_FOUND", "No group with name \"%s\" exists.", name)
}

// visibleProjects returns the ids of the projects that the caller may see.
func (s *Server) visibleProjects(c *call) []string {
	if c.account.OtherOrganization {
		return nil
	}
	return s.store.projectIDs()
}

func (s *Server) listClusters(c *call) *response {
	if refused := s.checkProject(c); refused != nil {
		return refused
	}
	return listResponse(s, c, []struct{}{})
}

// getCluster never finds a cluster.
func (s *Server) getCluster(c *call) *response {
	if refused := s.checkProject(c); refused != nil {
		return refused
	}
	return fail(http.StatusNotFound, "CLUSTER_NOT_FOUND", "No cluster named %s exists in group %s.", c.name, c.project)
}

// organizationBody is an organization in a response.
type organizationBody struct {
	ID                        string `json:"id"`
	IsDeleted                 bool   `json:"isDeleted"`
	Links                     []link `json:"links"`
	Name                      string `json:"name"`
	SkipDefaultAlertsSettings bool   `json:"skipDefaultAlertsSettings"`
}

func (s *Server) organizationBody(c *call) organizationBody {
	return organizationBody{ID: organizationID, Name: "fakeatlas", Links: s.selfLink(c, "/api/atlas/v2/orgs/"+organizationID)}
}

func (s *Server) listOrganizations(c *call) *response {
	var all []organizationBody
	if !c.account.OtherOrganization {
		all = append(all, s.organizationBody(c))
	}
	return listResponse(s, c, all)
}

func (s *Server) getOrganization(c *call) *response {
	if c.name != organizationID || c.account.OtherOrganization {
		return fail(http.StatusNotFound, "ORG_NOT_FOUND", "No organization with ID %s exists.", c.name)
	}
	return c.ok(s.organizationBody(c))
}

// listResponse returns the requested page.
func listResponse[T any](s *Server, c *call, all []T) *response {
	p := c.page
	from := min(p.from(), len(all))
	page := append([]T{}, all[from:min(from+p.size, len(all))]...)
	return c.ok(newListBody(p, s.origin(c)+c.request.URL.Path, page, len(all)))
}
