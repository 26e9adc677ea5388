import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
});
const stateSchema = z.object({ bounds: boundsSchema, maximized: z.boolean() });
export type WindowState = z.infer<typeof stateSchema>;
type Rectangle = z.infer<typeof boundsSchema>;

const fileIn = (folder: string): string => join(folder, 'window.json');

/** The last bounds, when they still lie on a screen; null for a first start, a broken file or a screen taken away. */
export function loadWindowState(folder: string, screens: readonly Rectangle[]): WindowState | null {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
    return screens.some((screen) => overlap(state.bounds, screen) >= 100 * 100) ? state : null;
  } catch {
    return null;
  }
}

/** Losing the bounds is no reason to trouble anyone. */
export function saveWindowState(folder: string, state: WindowState): void {
  try {
    writeFileSync(`${fileIn(folder)}.new`, JSON.stringify(state));
    renameSync(`${fileIn(folder)}.new`, fileIn(folder));
  } catch {
    // A full or read-only disk: the window opens in its usual place.
  }
}

/** Area in pixels that two rectangles share. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
