package config

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// config reads the tables of the file.
func (r *reader) config() Config {
	root := r.table("", r.root)
	c := Config{
		Signal: root.sub("signal").signal(),
		Backup: root.sub("backup").backup(),
		Portal: root.sub("portal").portal(),
		LLM:    root.sub("llm").llm(),
	}
	blocks := root.blocks("community")
	for _, t := range blocks {
		c.Communities = append(c.Communities, t.community())
	}
	r.apart(blocks, c.Communities)
	for _, t := range r.tables {
		t.unknown()
	}
	return c
}

// blocks reads a table that may repeat, and misses it if it is not there.
func (t *table) blocks(key string) []*table {
	v, set := t.get(key)
	var all []*table
	switch list := v.(type) {
	case []any:
		for i, v := range list {
			keys, ok := v.(map[string]any)
			if !ok {
				t.wrong(key, "write [[%s]] on a line of its own and its keys below", key)
				return nil
			}
			all = append(all, t.r.table(join(t.name, key+"."+strconv.Itoa(i)), keys))
		}
	case map[string]any:
		t.wrong(key, "write [[%s]], with two brackets on either side: there may be several", key)
	default:
		if set {
			t.wrong(key, "write [[%s]] on a line of its own and its keys below", key)
		}
	}
	if !set || set && len(all) == 0 && len(t.r.problems) == 0 {
		t.wrong("", "there is no [[%s]] yet, the block with the group and the council's group; `communityconnect setup` writes one", key)
	}
	return all
}

func (t *table) signal() Signal {
	s := Signal{Socket: t.text("socket", ""), Address: t.text("address", ""), Account: t.text("account", "")}
	switch {
	case s.Socket != "" && s.Address != "":
		t.wrong("address", "both a socket and an address of signal-cli are given; keep one")
	case s.Address != "":
		t.hostPort("address", s.Address)
	case s.Socket == "":
		s.Socket = DefaultSocket
	}
	s.Socket = beside(t.r.file, s.Socket)
	t.account(s.Account)
	return s
}

// account checks the name of an account on Signal.
func (t *table) account(account string) {
	if account != "" && !accountForm.MatchString(account) {
		t.wrong("account", "account = %q is neither a number with its country, like \"+353870000000\", nor an account identifier; no spaces, no 00", account)
	}
}

// accountForm is an international number, or Signal's account identifier.
var accountForm = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// hostPort checks an address.
func (t *table) hostPort(key, address string) {
	_, port, err := net.SplitHostPort(address)
	if n, perr := strconv.Atoi(port); err != nil || perr != nil || n < 1 || n > 65535 {
		t.wrong(key, "%s = %q is no address: write host:port, like \"127.0.0.1:8080\"", key, address)
	}
}

func (t *table) community() Community {
	c := Community{
		Name:         t.text("name", DefaultName),
		Timezone:     t.text("timezone", DefaultTimezone),
		Group:        t.group("group", "the group in which the neighbours are"),
		CouncilGroup: t.group("council_group", "the group in which the council is"),
		Database:     t.text("database", DefaultDatabase),
		Account:      t.text("account", ""),
		Policy:       t.sub("policy").policy(),
	}
	if c.Name == "" {
		t.wrong("name", "name is empty; it is what the bot calls the community")
	}
	if err := CheckTimezone(c.Timezone); err != nil {
		t.wrong("timezone", "%v", err)
	}
	if c.Database == "" {
		t.wrong("database", "database is empty; it is the file that holds the community, like \"riverside.db\"")
	}
	c.Database = beside(t.r.file, c.Database)
	t.account(c.Account)
	if c.Group != "" && c.Group == c.CouncilGroup {
		t.wrong("council_group", "group and council_group are the same; the council needs a group of its own, or everybody could give the council's commands")
	}
	return c
}

// CheckTimezone says what is wrong with the name of a time zone, if anything is.
func CheckTimezone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || strings.EqualFold(name, "local") {
		return fmt.Errorf("%q is no time zone; write one like \"Europe/Dublin\", as in the list at https://en.wikipedia.org/wiki/List_of_tz_database_time_zones", name)
	}
	return nil
}

// group reads a group's identifier, which has no default.
func (t *table) group(key, what string) string {
	id := t.text(key, "")
	raw, err := base64.StdEncoding.DecodeString(id)
	switch {
	case !t.has(key):
		t.wrong(key, "%s is missing: %s; `communityconnect setup` shows the groups to choose from", key, what)
	case err != nil || len(raw) != groupBytes:
		t.wrong(key, "%s = %q is no identifier of a group: it is 44 letters, digits, + and /, the last of them =, and capital letters count; `communityconnect setup` shows the groups to choose from", key, id)
	}
	return id
}

// groupBytes is the length of an identifier of Signal's present groups.
const groupBytes = 32

// policy reads the starting values. A narrow limit for everybody narrows the newcomers'
// default, too.
func (t *table) policy() Policy {
	p := DefaultPolicy()
	p.Floor, p.Ceiling = t.limit("floor", p.Floor), t.limit("ceiling", p.Ceiling)
	p.NewcomerFloor = t.limit("newcomer_floor", max(p.NewcomerFloor, p.Floor))
	p.NewcomerCeiling = t.limit("newcomer_ceiling", min(p.NewcomerCeiling, p.Ceiling))
	p.Vouchers = t.number("vouchers", 1, 2, p.Vouchers)
	if p.NewcomerFloor < p.Floor {
		t.wrong("newcomer_floor", "newcomer_floor %s lies below floor %s: a newcomer could go further than a member", p.NewcomerFloor.Signed(), p.Floor.Signed())
	}
	if p.NewcomerCeiling > p.Ceiling {
		t.wrong("newcomer_ceiling", "newcomer_ceiling %s lies above ceiling %s: a newcomer could go further than a member", p.NewcomerCeiling.Signed(), p.Ceiling.Signed())
	}
	return p
}

// apart checks that no two communities share what must be one's own.
func (r *reader) apart(blocks []*table, all []Community) {
	groups, files, backups, names := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	for i, c := range all {
		t := blocks[i]
		if other, taken := names[strings.ToLower(c.Name)]; taken {
			t.wrong("name", "the community %q has that name already; people in both could not say which they mean", other)
		}
		names[strings.ToLower(c.Name)] = c.Name
		for _, key := range []string{"group", "council_group"} {
			id := map[string]string{"group": c.Group, "council_group": c.CouncilGroup}[key]
			if other, taken := groups[id]; taken && id != "" {
				t.wrong(key, "%s is a group of the community %q already; each community needs groups of its own", key, other)
			}
		}
		groups[c.Group], groups[c.CouncilGroup] = c.Name, c.Name
		path := filepath.Clean(c.Database)
		stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) // as backups, the log and the metrics have it
		if other, taken := files[path]; taken {
			t.wrong("database", "the database of the community %q is the same file; each community needs a file of its own", other)
		} else if other, taken := backups[stem]; taken {
			t.wrong("database", "the database of the community %q is called %s, too, and nobody could tell their backups apart; call this one differently", other, stem)
		}
		files[path], backups[stem] = c.Name, c.Name
	}
}

func (t *table) backup() Backup {
	b := Backup{Directory: t.text("directory", DefaultDirectory), Recipients: t.texts("recipients")}
	if b.Directory == "" {
		t.wrong("directory", "directory is empty; it is where backups go, like \"backups\"")
	}
	b.Directory, b.Identity = beside(t.r.file, b.Directory), beside(t.r.file, t.text("identity", ""))
	if strings.HasPrefix(strings.ToUpper(filepath.Base(b.Identity)), "AGE-SECRET-KEY-") {
		t.wrong("identity", "identity is the name of a file with a secret key, not the key itself; take that out")
	}
	for _, key := range b.Recipients {
		switch {
		case strings.HasPrefix(strings.ToUpper(key), "AGE-SECRET-KEY-"):
			t.wrong("recipients", "recipients has a secret key in it; take it out, keep it far from this machine, and write the public key that goes with it (age1…)")
		case !ageKey.MatchString(key):
			t.wrong("recipients", "%q is no age public key; one begins with age1 and is printed by age-keygen", key)
		}
	}
	return b
}

// ageKey is age's form of a public key: Bech32, in lower case.
var ageKey = regexp.MustCompile(`^age1[02-9ac-hj-np-z]{40,}$`)

func (t *table) portal() Portal {
	p := Portal{Address: t.text("address", ""), URL: strings.TrimRight(t.text("url", ""), "/"), TrustedProxies: t.texts("trusted_proxies")}
	if p.Address != "" {
		t.hostPort("address", p.Address)
		if p.URL == "" {
			p.URL = "http://" + p.Address
		}
	} else if t.has("url") || t.has("trusted_proxies") {
		t.wrong("", "[portal] has no address, so there would be no portal; add one like \"127.0.0.1:8080\", or take [portal] out")
	}
	if p.URL != "" && !webAddress(p.URL) {
		t.wrong("url", "url = %q is no web address; write one like \"https://credits.example.org\"", p.URL)
	}
	for _, proxy := range p.TrustedProxies {
		_, one := netip.ParseAddr(proxy)
		_, many := netip.ParsePrefix(proxy)
		if one != nil && many != nil {
			t.wrong("trusted_proxies", "%q is neither an address, like \"127.0.0.1\", nor a range of them, like \"10.0.0.0/8\"", proxy)
		}
	}
	return p
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (t *table) llm() LLM {
	l := LLM{
		BaseURL: strings.TrimRight(t.text("base_url", ""), "/"), Model: t.text("model", ""),
		APIKeyEnv: t.text("api_key_env", DefaultKeyEnv),
	}
	if l.BaseURL != "" && !webAddress(l.BaseURL) {
		t.wrong("base_url", "base_url = %q is no web address; write one like \"http://127.0.0.1:11434/v1\"", l.BaseURL)
	}
	if l.BaseURL != "" && l.Model == "" {
		t.wrong("model", "model is missing: what the server calls the model that is to be asked, like \"llama3.2:3b\"")
	}
	if !envName.MatchString(l.APIKeyEnv) {
		t.wrong("api_key_env", "api_key_env is the name of an environment variable, like %q, and not the key itself", DefaultKeyEnv)
	}
	return l
}

// envName is a name as shells take it.
var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
