package client

import (
	"context"
	"errors"

	"golang.org/x/oauth2"
)

// IssueToken returns a new access token of the client's service account, for programs that
// share one (see [AccessToken] and MONGODB_ATLAS_ACCESS_TOKEN). The client itself does not
// use the token, and [Client.Close] does not revoke it. It expires within an hour. The
// request is sent once; Atlas allows 10 a minute. If the client's credentials are not those
// of a [ServiceAccount], IssueToken returns an error.
func (c *Client) IssueToken(ctx context.Context) (*oauth2.Token, error) {
	if c.signer.issue == nil {
		return nil, errors.New("exportbuckets: IssueToken: only a service account can ask for an access token")
	}
	ctx, cancel := c.signer.timeout.limit(ctx)
	defer cancel()
	call := &callState{}
	token, err := c.signer.issue(withCall(guardTrace(ctx), call))
	if err != nil {
		return nil, call.failed(tokenFailure(causeOf(ctx, err)), c.mask)
	}
	return token, nil
}
