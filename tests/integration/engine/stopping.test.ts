import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../../support/engine.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

it('stops while it still starts, and nothing of it begins afterwards', async () => {
  const folder = await makeTempFolder();
  onTestFinished(() => removeTempFolder(folder));
  // An engine that takes the question for what dead runs left, and does not answer.
  const socket = join(folder, 'docker.sock');
  const server = createServer().listen(socket);
  onTestFinished(() => void server.close());
  const asked = once(server, 'request') as Promise<[unknown, { socket: { destroy(): void } }]>;
  await once(server, 'listening');

  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const engine = await startEngine({
    dataFolder: join(folder, 'data'),
    env: { DOCKER_HOST: `unix://${socket}` },
    start: false,
    log: { info: () => undefined, warn: () => undefined, error: say },
  });
  const starting = engine.app.start();
  const [, response] = await asked;
  await engine.stop();
  response.socket.destroy();
  await starting;
  expect(said).toEqual([]);
});

it('counts nothing any more once that is stopped, although it was about to', async () => {
  const folder = await makeTempFolder();
  onTestFinished(() => removeTempFolder(folder));
  const engine = await startEngine({ dataFolder: join(folder, 'data'), start: false });
  const seen: unknown[] = [];
  engine.app.onCounts((counts) => seen.push(counts))();
  await engine.stop();
  await nextTurn();
  expect(seen).toEqual([]);
});
