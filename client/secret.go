package client

import "fmt"

// secret is a text that no printing of the value that contains it can show: not fmt
// with any verb, nor a logger, an encoder or a debugger's dump by reflection. Only
// calling it returns the text.
type secret func() string

func hide(s string) secret { return func() string { return s } }

// redacted prints s for every verb, so that no verb goes around String.
func redacted(f fmt.State, s string) { _, _ = fmt.Fprint(f, s) }
