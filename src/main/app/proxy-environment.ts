import { err, ok, type Result } from '../../shared/errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxies that the environment names for all programs. Lower case wins over upper case, as in curl; an address
 * without a scheme is an http proxy. A value that does not parse is an error that names the variable, never its text:
 * it may hold a password.
 */
export function readProxies(env: Env): Result<{ httpProxy: string; httpsProxy: string; noProxy: string }> {
  const httpProxy = readProxy(env, 'HTTP_PROXY');
  if (!httpProxy.ok) return httpProxy;
  const httpsProxy = readProxy(env, 'HTTPS_PROXY');
  if (!httpsProxy.ok) return httpsProxy;
  return ok({
    httpProxy: httpProxy.value,
    httpsProxy: httpsProxy.value,
    noProxy: named(env, 'NO_PROXY').value,
  });
}

/** An empty lower-case variable turns the upper-case one off. */
function named(env: Env, name: string): { variable: string; value: string } {
  const lower = name.toLowerCase();
  const variable = env[lower] === undefined ? name : lower;
  return { variable, value: env[variable]?.trim() ?? '' };
}

function readProxy(env: Env, name: string): Result<string> {
  const { variable, value } = named(env, name);
  if (value === '') return ok('');
  try {
    const { protocol, href, hostname } = new URL(
      /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`,
    );
    if ((protocol === 'http:' || protocol === 'https:') && hostname !== '') return ok(href);
  } catch {
    // Said below.
  }
  return err({
    code: 'invalid_input',
    message: `${variable}: takes the address of an http or https proxy, for example http://proxy.example:8080`,
  });
}
