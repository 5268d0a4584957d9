// Package contracttest holds recorded Atlas exchanges against the contract.
package contracttest
