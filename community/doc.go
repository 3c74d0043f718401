// Package community holds the rules about people: who is a member, what they are
// called, what they may do, and the policy they have agreed on. Pure rules: no SQL,
// no chat, no clock.
package community
