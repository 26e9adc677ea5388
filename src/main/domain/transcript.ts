import type { ModelReplay, ModelToolCall } from './model-messages.ts';

/**
 * One persisted entry of an agent's transcript. The agent loop is a pure function of these, so a killed process goes
 * on where it stopped.
 */
export type TranscriptEntry =
  /** What the agent was told, first or in between. */
  | { kind: 'user'; text: string }
  | {
      kind: 'model';
      text: string;
      toolCalls: ModelToolCall[];
      promptTokens: number;
      completionTokens: number;
      replay?: ModelReplay;
    }
  /** A call that changes the worktree is about to run; `tree` is what to restore if no result follows. */
  | { kind: 'intent'; callId: string; tree: string }
  | {
      kind: 'result';
      callId: string;
      name: string;
      ok: boolean;
      output: string;
      /** Git tree of the worktree after the call. */
      tree: string | null;
      /** The call was not run: its answer held too many. */
      skipped?: true;
    }
  /** The loop ended. */
  | { kind: 'end'; outcome: 'finished' | 'failed' | 'escalated'; summary: string };
