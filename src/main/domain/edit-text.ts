import { err, ok, type Result } from '../../shared/errors.ts';

/**
 * Replaces `oldText` by `newText` where it occurs exactly once. Otherwise the message says how often and where, so
 * that a model can name a unique piece. A file with CRLF line ends is edited with LF text and keeps its CRLF.
 */
export function replaceOnce(content: string, oldText: string, newText: string): Result<string, string> {
  const direct = places(content, oldText);
  if (direct.length === 1) return ok(splice(content, direct[0] ?? 0, oldText.length, newText));
  if (direct.length > 1) return err(notUnique(content, direct));
  if (content.includes('\r\n') && !oldText.includes('\r')) {
    const edited = replaceOnce(content.replaceAll('\r\n', '\n'), oldText, newText.replaceAll('\r\n', '\n'));
    return edited.ok ? ok(edited.value.replaceAll('\n', '\r\n')) : edited;
  }
  return err(notFound(content, oldText));
}

function places(content: string, text: string): number[] {
  const found: number[] = [];
  for (let at = content.indexOf(text); at >= 0 && found.length < 6; at = content.indexOf(text, at + 1))
    found.push(at);
  return found;
}

const splice = (content: string, at: number, length: number, text: string): string =>
  content.slice(0, at) + text + content.slice(at + length);

const lineOf = (content: string, at: number): number => content.slice(0, at).split('\n').length;

function notUnique(content: string, found: readonly number[]): string {
  const lines = found.slice(0, 5).map((at) => lineOf(content, at));
  return `old_text occurs ${found.length > 5 ? 'more than 5' : found.length} times (lines ${lines.join(', ')}): add surrounding lines to make it unique`;
}

/** Names the nearest place that differs only by white space, if there is one. */
function notFound(content: string, oldText: string): string {
  const wanted = oldText.split('\n').map((line) => line.trim());
  const lines = content.split('\n');
  const at = lines.findIndex((_, index) =>
    wanted.every((line, offset) => lines[index + offset]?.trim() === line),
  );
  if (at < 0) return 'old_text was not found: read the file again and copy the text exactly';
  const actual = lines.slice(at, at + wanted.length).join('\n');
  return `old_text was not found, but lines ${at + 1}-${at + wanted.length} differ only by white space:\n${actual}`;
}
