import { Notification } from 'electron';
import type { Attention } from '../api/app.ts';
import type { Texts } from './texts.ts';

export interface NotifierDeps {
  /** Whether the person wants them, asked each time. */
  enabled: () => boolean;
  texts: () => Texts;
  icon: string;
  /** Opens the job; null opens the accounts. */
  open: (jobId: string | null) => void;
}

/** Characters of goal and reason shown; services cut at different places or not at all. */
const maxBody = 200;

/** Title and body of a notification. Plain text: some services read markup in the body, so it is taken out. */
export function notificationText(
  { kind, goal, reason }: Attention,
  { notification }: Texts,
): { title: string; body: string } {
  const plain = (text: string): string => {
    const line = text.replace(/[<>&]/g, ' ').replace(/\s+/g, ' ').trim();
    return line.length > maxBody ? `${line.slice(0, maxBody)}…` : line;
  };
  return { title: notification[kind], body: [goal, reason].map(plain).filter(Boolean).join('\n') };
}

/** Tells a person what they would otherwise find out in the morning. A click opens what it is about; there are no buttons. */
export function createNotifier({ enabled, texts, icon, open }: NotifierDeps): (attention: Attention) => void {
  // Kept here because a notification that is garbage-collected loses its click.
  const shown = new Map<string, Notification>();
  return (attention) => {
    if (!enabled() || !Notification.isSupported()) return;
    const jobId = attention.job_id;
    const about = jobId ?? `account:${attention.goal}`;
    shown.get(about)?.close();
    const notification = new Notification({ ...notificationText(attention, texts()), icon });
    shown.set(about, notification);
    const forget = (): void => {
      if (shown.get(about) === notification) shown.delete(about);
    };
    notification.on('click', () => {
      open(jobId);
      forget();
    });
    notification.on('close', forget);
    notification.on('failed', forget);
    notification.show();
  };
}
