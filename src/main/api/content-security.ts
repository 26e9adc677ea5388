/** For answers that are data: nothing may be loaded, embedded or guessed. */
export const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** For the pages, over `app://` and HTTP alike: scripts and styles only come from files. */
export const pagePolicy = pageWith("script-src 'self'", "style-src 'self'");

/** The docs page of the Scalar package has one inline script, allowed by its hash alone. */
export const docsPolicy = (scriptHashes: readonly string[]): string =>
  pageWith(
    ["script-src 'self'", ...scriptHashes.map((hash) => `'sha256-${hash}'`)].join(' '),
    // Its components set their styles at run time.
    "style-src 'self' 'unsafe-inline'",
  );

function pageWith(scripts: string, styles: string): string {
  return [
    "default-src 'none'",
    scripts,
    styles,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
