//! A UDP host that records packets and never answers.

import dgram from "node:dgram";
import { once } from "node:events";

export async function openRecordingUdp(resources) {
  const socket = dgram.createSocket("udp4");
  const packets = [];
  socket.on("message", (packet) => packets.push(packet));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  resources.defer(() => socket.close());
  return { port: socket.address().port, packets };
}
