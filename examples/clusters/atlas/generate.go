// Package atlas is a generated client for two Atlas operations that do not
// concern export buckets. atlas.yaml contains only the part of Atlas's
// specification that they need.
package atlas

//go:generate go run github.com/atlas-exportbuckets/exportbuckets/cmd/exportbuckets@v0.1.0 generate --package atlas --output atlas.gen.go --spec atlas.yaml
