module example.com/cleanup

go 1.25.0

require github.com/atlas-exportbuckets/exportbuckets v0.1.0

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/icholy/digest v1.2.0 // indirect
	github.com/oapi-codegen/runtime v1.8.0 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	golang.org/x/oauth2 v0.36.0 // indirect
)

replace github.com/atlas-exportbuckets/exportbuckets => ../..
