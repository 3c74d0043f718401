'use strict';
// Remembers every content that a simulated user decrypts, rendered with the protocol that signal-cli itself ships.
const { EventEmitter } = require('events');
const protobuf = require('protobufjs');
const { PrimaryDevice, Proto } = require('@signalapp/mock-server');

exports.install = (protoFile, nameOf) => {
  const Content = protobuf.loadSync(protoFile).lookupType('Content');
  const events = [];
  const bus = new EventEmitter().setMaxListeners(0);

  const decode = Proto.Content.decode;
  Proto.Content.decode = (raw, length) => {
    const content = decode(raw, length);
    Object.defineProperty(content, 'rawBytes', { value: Buffer.from(raw), enumerable: false });
    return content;
  };
  const decrypt = PrimaryDevice.prototype.decrypt;
  PrimaryDevice.prototype.decrypt = async function (source, ...rest) {
    const result = await decrypt.call(this, source, ...rest);
    if (source !== undefined) { // else it is the sealed outside of what the inner call has seen
      const content = Content.toObject(Content.decode(result.content.rawBytes), { longs: Number, bytes: String, enums: String, defaults: false });
      events.push({ seq: events.length + 1, user: nameOf(this), content });
      setImmediate(() => bus.emit('event'));
    }
    return result;
  };

  // waits until there are events after the given one
  const after = async (seq, timeout) => {
    const end = Date.now() + timeout;
    while (events.length <= seq && Date.now() < end) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, end - Date.now()));
        bus.once('event', () => { clearTimeout(timer); resolve(); });
      });
    }
    return events.slice(seq);
  };
  return { Content, after };
};
