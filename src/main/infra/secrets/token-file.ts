import { z } from 'zod';
import { err, ok, type Result } from '../../../shared/errors.ts';
import { checkPrivateFolder, readPrivateFile } from './private-file.ts';

const format = 'dev-crew-tokens';
const version = 1;
const headSchema = z.object({ format: z.string(), version: z.number() });
const fileSchema = z.object({ secrets: z.record(z.string(), z.unknown()) });

export type TokenFile = Record<string, unknown>;

/** What a token file holds; empty where there is none. The error is one line that says what to do. */
export function readTokenFile(path: string): Result<TokenFile, string> {
  const text = readPrivateFile(path);
  if (!text.ok) return text;
  if (text.value === null) return ok({});
  const folder = checkPrivateFolder(path);
  if (!folder.ok) return folder;
  const again = 'move it away and sign in again, or restore a copy';
  let content: unknown;
  try {
    content = JSON.parse(text.value);
  } catch {
    return err(`${path} is cut off or was edited, so its tokens cannot be read: ${again}`);
  }
  const head = headSchema.safeParse(content);
  if (!head.success || head.data.format !== format)
    return err(`${path} is no token file of Dev Crew, and is left as it is: ${again}`);
  if (head.data.version !== version)
    return err(
      `${path} was written by another version of Dev Crew (its format is ${head.data.version}, this one knows ${version}): use that version, or ${again}`,
    );
  const file = fileSchema.safeParse(content);
  return file.success ? ok(file.data.secrets) : err(`${path} was edited and holds no tokens: ${again}`);
}

export const writtenTokenFile = (secrets: TokenFile): string =>
  `${JSON.stringify({ format, version, secrets }, null, 2)}\n`;
