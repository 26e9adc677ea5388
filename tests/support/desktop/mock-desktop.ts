import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { part } from '../parts.ts';

/** What the desktop's services received; see mock-desktop.py for the fields of each. */
export interface DesktopEvent {
  readonly ev: 'ready' | 'notify' | 'close' | 'tray' | 'tray_properties' | 'menu' | 'error';
  readonly [field: string]: unknown;
}

export interface MenuItem {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
}

export interface MockDesktop {
  /** Everything so far, in order. */
  events(): readonly DesktopEvent[];
  /** The first event that matches, past or to come; rejects when the service reports an error or ends. */
  waitFor(matches: (event: DesktopEvent) => boolean): Promise<DesktopEvent>;
  clickNotification(id: number, action?: string): void;
  activateTray(): void;
  menu(): Promise<readonly MenuItem[]>;
  clickMenu(label: string): void;
  stop(): Promise<void>;
}

interface Waiter {
  readonly matches: (event: DesktopEvent) => boolean;
  readonly resolve: (event: DesktopEvent) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A notification service and a tray on the D-Bus of the tests (`describeWithDbus`, `needs('dbus')`): one at a
 * time. Start it before the app; the app must see DBUS_SESSION_BUS_ADDRESS = `part('dbus')`, as it does by default.
 */
export async function startMockDesktop(address: string = part('dbus')): Promise<MockDesktop> {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'mock-desktop.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
  });
  const received: DesktopEvent[] = [];
  let waiters: Waiter[] = [];
  const rejectAll = (error: Error): void => {
    for (const waiter of waiters.splice(0)) waiter.reject(error);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as DesktopEvent;
    received.push(event);
    if (event.ev === 'error') rejectAll(new Error(`mock desktop: ${String(event['text'])}`));
    for (const waiter of waiters.filter(({ matches }) => matches(event))) waiter.resolve(event);
    waiters = waiters.filter(({ matches }) => !matches(event));
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      rejectAll(new Error('the mock desktop ended'));
      resolve();
    });
  });
  const waitFrom = (from: number, matches: Waiter['matches']): Promise<DesktopEvent> => {
    const found = received.slice(from).find(matches);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => waiters.push({ matches, resolve, reject }));
  };
  const order = (what: Record<string, unknown>): void => {
    child.stdin.write(`${JSON.stringify(what)}\n`);
  };
  await waitFrom(0, (event) => event.ev === 'ready');
  return {
    events: () => received,
    waitFor: (matches) => waitFrom(0, matches),
    clickNotification: (id, action = 'default') => order({ do: 'click_notification', id, action }),
    activateTray: () => order({ do: 'activate_tray' }),
    menu: async () => {
      const answer = waitFrom(received.length, (event) => event.ev === 'menu');
      order({ do: 'menu' });
      return (await answer)['items'] as readonly MenuItem[];
    },
    clickMenu: (label) => order({ do: 'click_menu', label }),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
