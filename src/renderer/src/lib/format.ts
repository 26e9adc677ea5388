/** `3 minutes ago` in the language given; `null` for less than a minute. Times in the future count as now. */
export function relativeTime(at: string, nowMs: number, language: string): string | null {
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000);
  if (!(seconds >= 60)) return null;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 30 * 86_400) return format.format(-Math.floor(seconds / 86_400), 'day');
  return new Date(at).toLocaleDateString(language, { year: 'numeric', month: 'short', day: 'numeric' });
}

export const fullTime = (at: string, language: string): string =>
  new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });

export const clockTime = (at: string, language: string): string =>
  new Date(at).toLocaleTimeString(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });

/** `840 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function duration(ms: number, language: string): string {
  const unit = (value: number, name: string, digits = 0): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value);
  if (ms < 1000) return unit(Math.round(ms), 'millisecond');
  const seconds = ms / 1000;
  if (seconds < 60) return unit(seconds, 'second', 1);
  const whole = Math.round(seconds);
  if (whole < 3600) return `${unit(Math.floor(whole / 60), 'minute')} ${unit(whole % 60, 'second')}`;
  return `${unit(Math.floor(whole / 3600), 'hour')} ${unit(Math.floor((whole % 3600) / 60), 'minute')}`;
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
