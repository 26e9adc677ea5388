import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startMockDesktop } from '../../support/desktop/mock-desktop.ts';
import {
  describeWithDbus,
  describeWithDocker,
  describeWithKeyring,
  part,
  sandboxImage,
} from '../../support/requirements.ts';

const run = promisify(execFile);

describeWithDocker('the engine for tests', () => {
  it('holds the sandbox image', async () => {
    const status = await new Promise((resolve, reject) => {
      const socketPath = part('docker').replace('unix://', '');
      const asked = request({ socketPath, path: `/images/${sandboxImage()}/json` }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(200);
  });
});

describeWithKeyring('the keyring for tests', () => {
  it('owns the secret service', async () => {
    const args = ['--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.GetNameOwner'];
    const { stdout } = await run('dbus-send', ['--print-reply', ...args, 'string:org.freedesktop.secrets']);
    expect(stdout).toContain('string ":');
  });
});

const notify = `
import dbus
service = dbus.SessionBus().get_object("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
notifications = dbus.Interface(service, "org.freedesktop.Notifications")
notifications.Notify("Dev Crew", 0, "", "Job finished", "All tests pass", [], {}, -1)
`;

describeWithDbus('the mock desktop', () => {
  it('receives a notification', async () => {
    const desktop = await startMockDesktop();
    await run('/usr/bin/python3', ['-c', notify]);
    const seen = await desktop.waitFor((event) => event.ev === 'notify');
    expect(seen).toMatchObject({ app: 'Dev Crew', summary: 'Job finished', id: 1 });
    await desktop.stop();
  });
});
