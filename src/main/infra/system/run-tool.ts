import { execa } from 'execa';

/** First line that a command-line tool prints, or null when it is missing, fails or takes over 5 s. */
export async function toolVersion(command: string, args: readonly string[]): Promise<string | null> {
  const result = await execa(command, [...args], { timeout: 5000, reject: false, stdin: 'ignore' });
  if (result.exitCode !== 0) return null;
  return result.stdout.split('\n', 1)[0] ?? '';
}
