import type { SandboxError } from '../../app/ports/sandbox.ts';

interface PullRule {
  /** In the words of the engine and of the registries it asks. */
  pattern: RegExp;
  what: string;
  todo: (image: string) => string;
}

const choose = 'choose another image in the settings';

/** The first that fits counts: what a registry says of a missing sign-in also says "does not exist". */
const rules: readonly PullRule[] = [
  {
    pattern: /access denied|unauthorized|authentication required|no basic auth|requested access|forbidden/i,
    what: 'its registry does not give it without a sign-in, or does not have it',
    todo: (image) =>
      `Check its name, or run "docker login${hostOf(image)}" and "docker pull ${image}", then retry the job; or ${choose}.`,
  },
  {
    pattern: /toomanyrequests|too many requests|rate limit/i,
    what: 'its registry gives no more for now',
    todo: (image) =>
      `Retry the job later, or run "docker login${hostOf(image)}" and "docker pull ${image}"; or ${choose}.`,
  },
  {
    pattern:
      /verification failed|unknown blob|unexpected commit digest|invalid checksum|unexpected EOF|gzip:/i,
    what: 'its registry sent damaged data',
    todo: () => `Try again; if that does not help, have the image's owner push it anew, or ${choose}.`,
  },
  {
    pattern: /no matching manifest|image operating system/i,
    what: "its registry has none for this machine's processor",
    todo: () => `Build one for it, or ${choose}.`,
  },
  {
    pattern: /manifest unknown|name unknown|not found|does not exist/i,
    what: 'its registry does not have it',
    todo: () => `Check the image's name and tag in the settings, or ${choose}.`,
  },
  {
    pattern:
      /refused|no such host|i\/o timeout|timed? ?out|deadline exceeded|unreachable|no route|reset by peer|broken pipe|TLS|x509|HTTP response to HTTPS|EOF|server misbehaving/i,
    what: 'its registry cannot be reached',
    todo: (image) =>
      `Check the network and the registry ("docker pull ${image}" tells more), then retry the job; or ${choose}.`,
  },
];

/** An image that is not here and did not come; `why` is the engine's own line. */
export function imageMissing(image: string, why: string): SandboxError {
  const rule = rules.find(({ pattern }) => pattern.test(why));
  const known = `The image ${image} is not on this machine`;
  const message = rule
    ? `${known}, and ${rule.what} (${why}). ${rule.todo(image)}`
    : `${known} and cannot be pulled (${why}). Run "docker pull ${image}" to see more, or ${choose}.`;
  return { kind: 'image_missing', message };
}

/** Empty for Docker Hub, which `docker login` means by itself. */
function hostOf(image: string): string {
  const first = image.split('/')[0] ?? '';
  return image.includes('/') && /[.:]|^localhost$/.test(first) ? ` ${first}` : '';
}
