// Package board holds the rules of offers and requests: what a post is, how long it
// stays, how it is found. Pure rules: no SQL, no chat, no clock.
package board
