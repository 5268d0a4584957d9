// Package atlas is a client of two operations of Atlas that have nothing to do with
// export buckets. atlas.yaml is the part of Atlas's specification that they need.
package atlas

//go:generate go run github.com/atlas-exportbuckets/exportbuckets/cmd/exportbuckets@v0.1.0 generate --package atlas --output atlas.gen.go --spec atlas.yaml
