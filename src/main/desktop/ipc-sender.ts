/** The part of an IPC event that says who speaks; Electron's `IpcMainEvent` and `IpcMainInvokeEvent` both have it. */
export interface SenderEvent {
  readonly sender: unknown;
  /** Null when the frame has gone or navigated since. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** The window's contents, as far as a sender is compared with them. */
export interface TrustedContents {
  readonly mainFrame: unknown;
}

/**
 * Whether a message comes from our page itself: our window, its top frame, our origin. `sender` alone cannot tell a
 * sub-frame, nor a page that the window was led away to.
 */
export function isTrustedSender(
  event: SenderEvent,
  contents: TrustedContents | null,
  origin: string,
): boolean {
  const frame = event.senderFrame;
  if (contents === null || event.sender !== contents || frame === null) return false;
  return frame === contents.mainFrame && frame.parent === null && originOf(frame.url) === origin;
}

/** `app://crew` of `app://crew/index.html`; the URL class gives custom schemes the origin "null". */
function originOf(url: string): string | null {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return null;
  }
}
