'use strict';
// The mock server speaks a newer dialect of Signal's protocol than signal-cli 0.13.19 does: it names people only in
// binary fields. Signal's real server wrote both. Here every message gets the textual fields as well, and what the
// real server adds to an envelope.
const crypto = require('crypto');
const { Proto, Server } = require('@signalapp/mock-server');
const { ServiceId } = require('@signalapp/libsignal-client');

void Server;
const serviceId = (bytes) => ServiceId.parseFromServiceIdBinary(Buffer.from(bytes)).getServiceIdString();
const uuid = (bytes) => Buffer.from(bytes).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

// appends textual fields, by their numbers in the protocol, to what a message type encodes
function alsoAsText(type, fields) {
  const encode = type.encode;
  type.encode = (message, writer) => {
    const w = encode(message, writer);
    for (const [field, number, text] of fields) {
      if (message[field]?.length) w.uint32((number << 3) | 2).string(text(message[field]));
    }
    return w;
  };
}

// changes a message before it is encoded
function before(type, change) {
  const encode = type.encode;
  type.encode = (message, writer) => encode(change({ ...message }), writer);
}

exports.install = () => {
  alsoAsText(Proto.Envelope, [['sourceServiceIdBinary', 11, serviceId], ['destinationServiceIdBinary', 13, serviceId]]);
  alsoAsText(Proto.ProvisionMessage, [['aciBinary', 8, uuid], ['pniBinary', 10, uuid]]);
  alsoAsText(Proto.ContactDetails, [['aciBinary', 9, uuid]]);
  before(Proto.Envelope, (e) => {
    e.serverGuid ||= crypto.randomUUID();
    if (e.type === Proto.Envelope.Type.UNIDENTIFIED_SENDER) { // a sealed envelope does not name its sender
      delete e.sourceServiceIdBinary;
      delete e.sourceDeviceId;
    }
    return e;
  });
  before(Proto.AttachmentPointer, (p) => ({ ...p, cdnNumber: p.cdnNumber ?? 0 }));
};
