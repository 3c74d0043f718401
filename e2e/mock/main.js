'use strict';
// Signal's mock server on the loopback interface, with simulated users who do what a test tells them.
//   node main.js <SignalService.proto> <state directory>
// Prints one line of JSON when it is ready: {"control": port}. Ends when its standard input ends.
const fs = require('fs');
const http = require('http');
const path = require('path');
const { Server } = require('@signalapp/mock-server');
const dialect = require('./dialect.js');
const front = require('./front.js');
const observe = require('./observe.js');
const { calls } = require('./control.js');

const [protoFile, state] = process.argv.slice(2);
const users = new Map(); // name -> the simulated phone

async function main() {
  dialect.install();
  front.install();
  const observed = observe.install(protoFile, (phone) => [...users].find(([, u]) => u === phone)?.[0]);

  const cdn3Path = path.join(state, 'cdn3');
  fs.mkdirSync(cdn3Path, { recursive: true });
  const server = new Server({ cdn3Path, timeout: 600_000 });
  await server.listen(0, '127.0.0.1');
  front.listen(server);

  const read = (file) => JSON.parse(fs.readFileSync(front.inside(file)));
  const zk = read('certs/zk-params.json');
  fs.writeFileSync(path.join(state, 'mock.properties'), [
    `url=https://127.0.0.1:${server.address().port}`, `ca=${front.inside('certs/ca-cert.pem')}`,
    `trustRoot=${read('certs/trust-root.json').publicKey}`, `zkPublicParams=${zk.publicParams}`,
    `genericPublicParams=${zk.genericPublicParams}`, `backupPublicParams=${zk.backupPublicParams}`, '',
  ].join('\n'));

  const control = calls(server, users, observed);
  const web = http.createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    try {
      const call = control[req.url.slice(1)];
      if (!call) throw new Error(`there is no call ${req.url}`);
      res.end(JSON.stringify(await call(JSON.parse(body || '{}'))));
    } catch (e) {
      res.statusCode = 500;
      res.end(String(e.stack ?? e));
    }
  });
  web.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ control: web.address().port })));
}

process.on('unhandledRejection', () => {}); // the mock server leaves some when a connection is cut
process.stdin.on('end', () => process.exit(0)).resume();
main().catch((e) => { console.error(e); process.exit(1); });
