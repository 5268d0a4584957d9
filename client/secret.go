package client

import "fmt"

// secret is a text that printing does not show: neither fmt with any verb, nor a logger, an
// encoder or a dump by reflection. Only calling the function returns the text.
type secret func() string

func hide(s string) secret { return func() string { return s } }

// redacted prints s for every verb, so that no verb bypasses String.
func redacted(f fmt.State, s string) { _, _ = fmt.Fprint(f, s) }
