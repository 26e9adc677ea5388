import { join } from 'node:path';
import { Menu, nativeImage, Tray, type NativeImage } from 'electron';
import type { Counts } from '../api/app.ts';
import type { Texts } from './texts.ts';

export interface TrayActions {
  open: () => void;
  /** The list of jobs that need a human. */
  openWaiting: () => void;
  quit: () => void;
}

export interface CrewTray {
  show(counts: Counts, texts: Texts): void;
  destroy(): void;
}

/** What is running and what needs a human, first what needs one. */
export function summary({ running, waiting, queued }: Counts, { tray }: Texts): string {
  const parts = [
    waiting > 0 ? tray.waiting(waiting) : '',
    running > 0 ? tray.running(running) : '',
    queued > 0 ? tray.queued(queued) : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(', ') : tray.idle;
}

export function createTray(resources: string, actions: TrayActions): CrewTray {
  const calm = trayIcon(resources, 'tray');
  const calling = trayIcon(resources, 'tray-attention');
  const tray = new Tray(calm);
  tray.on('click', actions.open);
  let shown = '';
  return {
    show(counts, texts) {
      // A setting may still be saved while the app stops.
      if (tray.isDestroyed()) return;
      const text = summary(counts, texts);
      // Every change goes over D-Bus; the counts change far more often than what is shown of them.
      if (shown === `${text}\n${texts.tray.open}`) return;
      shown = `${text}\n${texts.tray.open}`;
      tray.setImage(counts.waiting > 0 ? calling : calm);
      tray.setToolTip(`Dev Crew: ${text}`);
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: text, enabled: counts.waiting > 0, click: actions.openWaiting },
          { type: 'separator' },
          { label: texts.tray.open, click: actions.open },
          { label: texts.tray.quit, click: actions.quit },
        ]),
      );
    },
    destroy: () => tray.destroy(),
  };
}

/** One image with the resolutions of the platform's panels: 22 pixels high on Linux, 16 elsewhere. */
function trayIcon(resources: string, name: string): NativeImage {
  const file = (size: number): string => join(resources, `${name}-${size}.png`);
  const [base, denser] = process.platform === 'linux' ? ([22, [32, 44]] as const) : ([16, [32]] as const);
  const image = nativeImage.createFromPath(file(base));
  for (const size of denser)
    image.addRepresentation({
      scaleFactor: size / base,
      buffer: nativeImage.createFromPath(file(size)).toPNG(),
    });
  return image;
}
