import { firstLine } from '../../domain/cut-text.ts';
import type { ModelToolCall } from '../../domain/model-messages.ts';

/** What a call is about, in one line: its path, command, pattern or text. */
export function callSummary(call: ModelToolCall): string {
  const input =
    typeof call.input === 'object' && call.input !== null ? (call.input as Record<string, unknown>) : {};
  const about = ['command', 'path', 'pattern', 'question', 'text', 'summary'].map((name) => input[name]);
  const first = about.find((value) => typeof value === 'string');
  return firstLine(typeof first === 'string' ? first : JSON.stringify(call.input ?? {}), 200);
}
