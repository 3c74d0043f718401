//go:build long

package bot_test

// modelChecks is how many stories TestModel makes up.
const modelChecks = "1000"
