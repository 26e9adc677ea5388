/**
 * `node holding-proxy.ts PORT TARGET_PORT BYTES`: passes TCP connections on to the target, and holds what the target
 * sends on one after BYTES. Says `listening`, and `held` when it does.
 */
import { connect, createServer } from 'node:net';

const [port = 0, targetPort = 0, bytes = 0] = process.argv.slice(2).map(Number);

const server = createServer((client) => {
  const target = connect(targetPort, '127.0.0.1');
  let left = bytes;
  client.pipe(target);
  target.on('data', (chunk) => {
    client.write(chunk.subarray(0, Math.max(0, left)));
    left -= chunk.length;
    if (left > 0) return;
    target.pause();
    console.log('held');
  });
  target.on('end', () => client.end());
  client.on('close', () => target.destroy());
  client.on('error', () => target.destroy());
  target.on('error', () => client.destroy());
});
server.listen(port, '127.0.0.1', () => console.log('listening'));
