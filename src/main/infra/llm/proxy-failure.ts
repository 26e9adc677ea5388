/** A failed call for which a proxy was set. Its `cause` is what was thrown. */
class ProxyFailure extends Error {
  /** What a person can do something about; null when only the cause knows. */
  readonly reason: string | null;

  constructor(reason: string | null, cause: unknown) {
    super(reason ?? 'a proxy is set', { cause });
    this.name = 'ProxyFailure';
    this.reason = reason;
  }
}

/** Texts of undici's errors: it has no code for what a proxy answered. */
const answers: readonly { pattern: RegExp; reason: (status: string) => string }[] = [
  {
    pattern: /\b(407)\b/,
    reason: () =>
      'the proxy wants a user name and a password (http://user:password@host:port in HTTPS_PROXY)',
  },
  {
    pattern: /Proxy response \((\d+)\)/,
    reason: (status) => `the proxy of the environment refused the connection (${status})`,
  },
  {
    pattern: /proxy connection failed/i,
    reason: () => 'the proxy of the environment closed the connection or cannot be spoken to securely',
  },
];

/** Keeps in an error that it came by way of a proxy; addresses of proxies, which may hold passwords, stay out. */
export function viaProxy(thrown: unknown): Error {
  for (let at: unknown = thrown, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    const { message } = at;
    for (const { pattern, reason } of answers) {
      const found = pattern.exec(message);
      if (found !== null) return new ProxyFailure(reason(found[1] ?? ''), thrown);
    }
  }
  return new ProxyFailure(null, thrown);
}

/** The reason of a failure by way of a proxy; `reasonOfCause` where the proxy has none of its own. Null without one. */
export function proxyReason(thrown: unknown, reasonOfCause: string): string | null {
  if (!(thrown instanceof ProxyFailure)) return null;
  return thrown.reason ?? `${reasonOfCause}, or at the proxy that HTTPS_PROXY or HTTP_PROXY names`;
}
