// Package selection selects operations of an API by the words of the flag --operations,
// which several verbs have:
//
//	all                      every operation
//	listClusters             an operationId, or its short name
//	*Cluster*                a pattern for both: * is any text, ? one character
//	tag:Clusters             the operations with a tag; patterns work here too
//	GET /groups/{groupId}    a method and a path; the names of parameters do not matter
//	/groups/*                any method; patterns work in paths
//	-WORD                    excludes the operations that WORD selects
//
// Patterns and tags ignore case. The order of words does not matter: an operation that any
// exclusion selects is excluded. Exclusions without other words apply to all operations.
//
// Operations that exist only as a preview are not selected by all, by a tag or by a
// pattern, unless the caller requests previews; a word that names one exactly does select
// it.
package selection
