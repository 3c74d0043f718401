'use strict';
// The mock server answers the chat API on its websocket only. signal-cli makes some of the same calls over HTTPS, a few
// that the mock server does not know, and writes some paths in another way.
const { EventEmitter } = require('events');
const path = require('path');
const { ServerGroup } = require(inside('src/server/group.js'));
const { Connection } = require(inside('src/server/ws/connection.js'));
const { Proto } = require('@signalapp/mock-server');

function inside(file) { return path.join(path.dirname(require.resolve('@signalapp/mock-server/package.json')), file); }
exports.inside = inside;

// calls that signal-cli needs and the mock server lacks; the look-up of phone numbers is left out on purpose, it would
// go on to Signal's real servers
const EXTRA = [
  ['PUT', /^\/v1\/accounts\/attributes$/, () => ({})],
  ['PUT', /^\/v1\/profile$/, () => ''],
  ['GET', /^\/v1\/devices$/, (c) => ({
    devices: [1, c.device.deviceId].map((id) => ({ id, name: null, created: Date.now(), lastSeen: Date.now(), registrationId: 1 })),
  })],
];

const faults = []; // { path: regular expression, status, headers, body, count }
exports.fault = (f) => faults.push({ count: 1, ...f });
exports.clearFaults = () => { faults.length = 0; };

// signal-cli writes null for what is absent; the mock server wants it left out
function withoutNulls(body) {
  if (!body?.length || body[0] !== 0x7b) return body;
  try {
    return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body)), (_, v) => (v === null ? undefined : v)));
  } catch {
    return body;
  }
}

async function route(connection, request) {
  request.body = withoutNulls(request.body);
  const url = request.path.split('?')[0];
  const fault = faults.find((f) => f.count > 0 && new RegExp(f.path).test(request.path));
  if (fault) {
    fault.count -= 1;
    return { status: fault.status, headers: fault.headers ?? [], body: Buffer.from(JSON.stringify(fault.body ?? {})) };
  }
  const extra = EXTRA.find(([verb, pattern]) => verb === request.verb && pattern.test(url));
  if (extra) {
    const json = extra[2](connection);
    return { status: 200, headers: [`X-Signal-Timestamp:${Date.now()}`, 'Content-Type:application/json'], body: Buffer.from(json && JSON.stringify(json)) };
  }
  const response = await connection.router.run(request);
  const profile = /^\/v1\/profile\/([^/]+)/.exec(url);
  if (profile && response.status === 200) { // Signal's server says whose profile it is
    response.body = Buffer.from(JSON.stringify({ ...JSON.parse(response.body), uuid: decodeURIComponent(profile[1]) }));
  }
  return response;
}

// runs one HTTPS request through the router of the websocket
async function bridge(server, req, res) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const socket = Object.assign(new EventEmitter(), { send() {}, close() {} });
  const connection = new Connection(req, socket, server);
  const basic = /^basic (.*)$/i.exec(req.headers.authorization ?? '');
  if (basic) {
    const [user, ...password] = Buffer.from(basic[1], 'base64').toString().split(':');
    connection.device = await server.auth(user, password.join(':'));
    connection.router.setIsAuthenticated(Boolean(connection.device));
  }
  let response;
  try {
    response = await route(connection, {
      verb: req.method, path: req.url, body: chunks.length ? Buffer.concat(chunks) : undefined,
      headers: Object.entries(req.headers).map(([k, v]) => `${k}: ${v}`),
    });
  } catch (e) {
    response = { status: 500, headers: [], body: Buffer.from(JSON.stringify({ error: String(e) })) };
  }
  for (const header of response.headers) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(header);
    res.setHeader(name, value);
  }
  res.statusCode = response.status;
  res.end([204, 304].includes(response.status) ? undefined : response.body);
}

// the mock server's groups do not take in new members by themselves
function takeInMembers() {
  const modify = ServerGroup.prototype.modify;
  ServerGroup.prototype.modify = function (aci, pni, actions) {
    const result = modify.call(this, aci, pni, actions);
    if (result.conflict || !actions.addMembers?.length) return result;
    const changes = this.privChanges.groupChanges;
    const last = changes[changes.length - 1];
    const added = actions.addMembers.map(({ added: m }) => ({ added: { ...this.unrollMember(m), joinedAtVersion: actions.version } }));
    last.groupState.members = [...last.groupState.members, ...added.map((a) => a.added)];
    const signed = Proto.GroupChange.Actions.decode(last.groupChange.actions);
    signed.addMembers = added;
    last.groupChange.actions = Proto.GroupChange.Actions.encode(signed).finish();
    const serverSignature = this.zkSecret.sign(Buffer.from(last.groupChange.actions)).serialize();
    return { conflict: false, signedChange: { ...last.groupChange, serverSignature } };
  };
}

exports.install = () => {
  takeInMembers();
  Connection.prototype.handleRequest = function (request) { return route(this, request); };
  // every push carries the time of its delivery, and comes again on the next connection if it was not acknowledged
  Connection.prototype.sendMessage = async function (message) {
    const headers = [`X-Signal-Timestamp: ${Date.now()}`];
    const response = message === 'empty'
      ? await this.send('PUT', '/api/v1/queue/empty', { headers })
      : await this.send('PUT', '/api/v1/message', { headers, body: message });
    if (response.status !== 200 && message !== 'empty') setImmediate(() => void this.server.send(this.device, message));
  };
  // signal-cli does not acknowledge what comes on the socket for linking
  Connection.prototype.handleProvision = async function (id) {
    void this.send('PUT', '/v1/address', { body: Proto.ProvisioningAddress.encode({ address: id }).finish() });
    const { envelope } = await this.server.getProvisioningResponse(id);
    void this.send('PUT', '/v1/message', { body: envelope });
  };
};

// puts itself in front of the mock server's own HTTPS handler
exports.listen = (server) => {
  const [own] = server.https.listeners('request');
  server.https.removeAllListeners('request');
  server.https.on('request', (req, res) => {
    if (/^\/storageService\/v2\/groups\/(\?|$)/.test(req.url)) req.url = req.url.replace('/v2/groups/', '/v2/groups');
    if (req.url === '/storageService/v1/storage') req.url += '/';
    // signal-cli puts the server's path before a whole one, and uploads in steps, which the mock server can't for a name with a folder
    req.url = req.url.replace(/^(\/cdn3)+(\/attachments)?/, '/cdn3');
    if (/^\/v[0-9]+\//.test(req.url) && !req.url.startsWith('/v1/call-link')) void bridge(server, req, res);
    else own(req, res);
  });
};
