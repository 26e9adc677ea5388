import { formatAgo, formatDate, formatUnit } from './formatters.ts';

/** `3 minutes ago` in the language given; `null` for less than a minute. Times in the future count as now. */
export function relativeTime(at: string, nowMs: number, language: string): string | null {
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000);
  if (!(seconds >= 60)) return null;
  if (seconds < 3600) return formatAgo(Math.floor(seconds / 60), 'minute', language);
  if (seconds < 86_400) return formatAgo(Math.floor(seconds / 3600), 'hour', language);
  if (seconds < 30 * 86_400) return formatAgo(Math.floor(seconds / 86_400), 'day', language);
  return formatDate(at, language, 'day');
}

export const fullTime = (at: string, language: string): string => formatDate(at, language, 'full');

export const clockTime = (at: string, language: string): string => formatDate(at, language, 'clock');

/** `840 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function duration(ms: number, language: string): string {
  if (ms < 1000) return formatUnit(Math.round(ms), 'millisecond', language);
  const seconds = ms / 1000;
  if (seconds < 60) return formatUnit(seconds, 'second', language);
  const whole = Math.round(seconds);
  const minutes = formatUnit(Math.floor((whole % 3600) / 60), 'minute', language);
  if (whole < 3600) return `${minutes} ${formatUnit(whole % 60, 'second', language)}`;
  return `${formatUnit(Math.floor(whole / 3600), 'hour', language)} ${minutes}`;
}

export const count = (value: number, language: string): string => value.toLocaleString(language);

/** What stands for the goal in a list: its first line that says something, without markdown's marks. */
export function firstLine(goal: string): string {
  const line = goal.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.replace(/^[\s#>*-]+/, '').trim() || line.trim();
}

export const shortCommit = (commit: string): string => commit.slice(0, 8);

/** The last part of a path or address, which is what people call a repository. */
export function repoName(repo: string): string {
  const parts = repo
    .replace(/[/\\]+$/, '')
    .replace(/\.git$/, '')
    .split(/[/\\:]/)
    .filter(Boolean);
  const isShort = /^[\w.-]+\/[\w.-]+$/.test(repo);
  return isShort ? repo : (parts.at(-1) ?? repo);
}
