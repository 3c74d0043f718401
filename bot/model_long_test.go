//go:build long

package bot_test

// modelChecks is how many stories TestModel makes up.
const modelChecks = "1000"

// livesChecks is how many stories TestLives makes up.
const livesChecks = "400"
