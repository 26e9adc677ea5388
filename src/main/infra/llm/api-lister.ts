import { z } from 'zod';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { serverOfAccount, type AccountProvider, type AccountServer } from './account-server.ts';
import { callJson } from './call-json.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import { asListing, withoutRepeats } from './listing.ts';

export interface ListerDeps {
  fetch?: HttpFetch;
  /** Where the provider is, for accounts that name no address. Default: provider-endpoints.ts. */
  endpoint?: string;
}

/** Pages of one list at most: a server that always has more must not hold a refresh for ever. */
const maxPages = 200;

/** One page. `query` without its question mark. */
interface PageCall<T extends z.ZodType> {
  path: string;
  query?: string;
  schema: T;
}

/** What a lister reads its list with. */
export interface Pages {
  /** Throws ModelFailure, also after too many pages. */
  page<T extends z.ZodType>(call: PageCall<T>): Promise<z.infer<T>>;
}

/** A list that is the same as the last: thrown through what reads it. */
class Unchanged extends Error {}

/** A lister out of what reads a provider's list. The ETag is that of the first page, and only a list of one has it. */
export function createLister(
  of: AccountProvider & { headers?: (account: AccountServer) => Record<string, string> },
  deps: ListerDeps & { endpoint: string },
  read: (pages: Pages) => Promise<ListedModel[]>,
): ModelLister {
  const http = deps.fetch ?? createHttpFetch();
  return {
    provider: of.provider,
    needsAccount: true,
    list: ({ credential, etag }, signal) =>
      asListing(of.name, signal, async () => {
        const account = serverOfAccount(of, { http, endpoint: deps.endpoint, credential, model: '' });
        const headers = of.headers?.(account) ?? bearerOf(account);
        let pages = 0;
        let found: string | null = null;
        const page = async <T extends z.ZodType>(call: PageCall<T>): Promise<z.infer<T>> => {
          pages += 1;
          if (pages > maxPages) throw new Error(`more than ${maxPages} pages`);
          const answer = await callJson(account.server, {
            url: `${account.baseUrl}${call.path}${call.query === undefined ? '' : `?${call.query}`}`,
            headers: { ...headers, ...(etag === undefined || pages > 1 ? {} : { 'if-none-match': etag }) },
            schema: call.schema,
            signal,
          });
          if (answer.value === null) throw new Unchanged();
          found = pages === 1 ? answer.etag : null;
          return answer.value;
        };
        try {
          const models = withoutRepeats(await read({ page }));
          return { changed: true, models, etag: found, quota: null };
        } catch (thrown) {
          if (thrown instanceof Unchanged) return { changed: false, quota: null };
          throw thrown;
        }
      }),
  };
}

function bearerOf({ key, authorization }: AccountServer): Record<string, string> {
  if (key !== '') return { authorization: `Bearer ${key}` };
  return authorization === null ? {} : { authorization };
}

/** A list whose entries of another shape are left out: one odd model must not take away all others. */
export const lenientList = <T extends z.ZodType>(schema: T) =>
  z.array(z.unknown()).transform((entries) =>
    entries.flatMap((entry): z.infer<T>[] => {
      const parsed = schema.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  );
