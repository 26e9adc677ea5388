import type { CrewBridge } from '../../shared/client.ts';

declare global {
  interface Window {
    /** Present in the desktop only; the preload puts it there. */
    crew?: CrewBridge;
  }
}
