'use strict';
// What a test can have the simulated users do: POST /<name> with JSON, JSON comes back.
const { Group, Proto, ServiceIdKind } = require('@signalapp/mock-server');
const { PrivateKey } = require('@signalapp/libsignal-client');
const front = require('./front.js');
const { generateSenderCertificate } = require(front.inside('src/crypto.js'));

exports.calls = (server, users, observed) => {
  const links = new Map(); // user -> the linked device that is signal-cli
  const groups = new Map(); // title -> group
  const senderKeys = new Map(); // user and group -> id of the distributed key
  const { Content } = observed;

  const user = (name) => {
    const u = users.get(name);
    if (!u) throw new Error(`there is no user ${name}`);
    return u;
  };
  const address = (name) => ({ name, aci: user(name).device.aci, number: user(name).device.number });
  const describe = (g) => ({
    id: Buffer.from(g.publicParams.getGroupIdentifier().serialize()).toString('base64'), revision: g.revision, key: g.masterKey.toString('base64'),
  });
  const groupContext = (g) => ({ masterKey: g.masterKey.toString('base64'), revision: g.revision });
  const profileKey = (u) => Buffer.from(u.profileKey.serialize()).toString('base64');

  // the group as the server has it now
  const refresh = async (title) => {
    const g = groups.get(title);
    const state = await server.getGroup(g.publicParams.serialize());
    const fresh = new Group({ secretParams: g.secretParams, groupState: state.state });
    groups.set(title, fresh);
    return { group: fresh, onServer: state };
  };

  // encrypts a content from a user to the linked device, in a group with a sender key as phones do
  const deliver = async (from, target, content, timestamp, group) => {
    if (!(await from.sessions.getSession(target.address))) {
      await from.addSingleUseKey(target, await target.popSingleUseKey());
    }
    const options = { timestamp, sealed: true };
    if (group) {
      const key = from.device.aci + group.id;
      if (!senderKeys.has(key)) senderKeys.set(key, await from.sendSenderKey(target, { timestamp: timestamp - 1, sealed: true }));
      Object.assign(options, { distributionId: senderKeys.get(key), group });
    }
    const bytes = Buffer.from(Content.encode(Content.fromObject(content)).finish());
    void server.send(target, await from.lock(() => from.encrypt(target, bytes, options)));
    return { timestamp };
  };

  return {
    // hideNumber: the sender's certificate carries no phone number
    async user({ name, hideNumber }) {
      const u = await server.createPrimaryDevice({ profileName: name });
      if (hideNumber) {
        u.privSenderCertificate = generateSenderCertificate(server.certificate,
          { aci: u.device.aci, deviceId: u.device.deviceId, identityKey: await u.device.getIdentityKey() });
      }
      users.set(name, u);
      return address(name);
    },
    // the phone of the account scans a link
    async link({ user: name, uri }) {
      const pending = await server.waitForProvision();
      links.set(name, await pending.complete({ provisionURL: uri, primaryDevice: user(name) }));
      return address(name);
    },
    async group({ title, members }) {
      const g = await user(members[0]).createGroup({ title, members: members.map(user) });
      groups.set(title, g);
      return describe(g);
    },
    // changes who is in a group and announces it
    async change({ title, by, to, add, remove }) {
      const { group: g, onServer } = await refresh(title);
      const actions = { version: g.revision + 1 };
      if (add) actions.addMembers = [{ added: { role: 1, presentation: (await user(add).getProfileKeyPresentation(g.secretParams)).serialize() } }];
      if (remove) actions.deleteMembers = [{ deletedUserId: g.encryptServiceId(user(remove).device.aci) }];
      const me = user(by);
      const result = await server.modifyGroup({
        group: onServer, actions, aciCiphertext: g.encryptServiceId(me.device.aci), pniCiphertext: g.encryptServiceId(me.device.pni),
      });
      if (result.conflict) throw new Error('the group has changed meanwhile');
      const { group: now } = await refresh(title);
      const timestamp = Date.now();
      const groupChange = Buffer.from(Proto.GroupChange.encode(result.signedChange).finish()).toString('base64');
      await deliver(me, links.get(to), { dataMessage: { timestamp, profileKey: profileKey(me), groupV2: { ...groupContext(now), groupChange } } }, timestamp);
      return describe(now);
    },
    // sends any content; time, profile key and group are filled in
    async send({ from, to, content, group: title }) {
      const me = user(from);
      const timestamp = Date.now();
      const group = title && (await refresh(title)).group;
      const data = content.dataMessage ?? content.editMessage?.dataMessage;
      if (data) {
        Object.assign(data, { timestamp, profileKey: profileKey(me) });
        if (group) data.groupV2 = groupContext(group);
      }
      return deliver(me, links.get(to), content, timestamp, group);
    },
    // what simulated users have decrypted after the event of that number
    async events({ after = 0, timeout = 0 }) { return observed.after(after, timeout); },
    async fault(f) { front.fault(f); return {}; },
    async clearFaults() { front.clearFaults(); return {}; },
    // cuts signal-cli's connections to Signal
    async disconnect({ user: name }) {
      const connections = [...(server.webSockets.get(links.get(name)) ?? [])];
      for (const c of connections) c.ws.terminate();
      return { closed: connections.length };
    },
    // a new phone: new identity key and registration, no sessions
    async reinstall({ user: name }) {
      const u = user(name);
      u.privateKey = PrivateKey.generate();
      u.publicKey = u.privateKey.getPublicKey();
      const store = u.identity.get(ServiceIdKind.ACI);
      await store.updateIdentityKey(u.privateKey);
      u.device.registrationId = (u.device.registrationId % 16000) + 1;
      await store.updateLocalRegistrationId(u.device.registrationId);
      u.sessions.sessions.clear();
      u.senderKeys.get(ServiceIdKind.ACI).keys.clear();
      for (const key of [...senderKeys.keys()]) if (key.startsWith(u.device.aci)) senderKeys.delete(key);
      await u.device.setKeys(ServiceIdKind.ACI, await u.generateKeys(u.device, ServiceIdKind.ACI));
      u.privSenderCertificate = await server.getSenderCertificate(u.device);
      return address(name);
    },
  };
};
