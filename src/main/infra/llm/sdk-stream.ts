import {
  experimental_streamLanguageModelCall as streamLanguageModelCall,
  type Instructions,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage as SdkMessage,
} from 'ai';
import { z } from 'zod';
import type { ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent, ModelReplay, ModelToolCall, ModelUsage } from '../../domain/model-messages.ts';
import { estimateTokens, requestSize } from '../../domain/token-estimate.ts';
import { ModelFailure, oneLine } from './model-failure.ts';
import { createReplayRecorder } from './sdk-replay.ts';
import { sdkMessages, sdkOutput, sdkTools, type ReplayOwner } from './sdk-request.ts';

type SdkOptions = Parameters<typeof streamLanguageModelCall>[0];

export interface SdkCall {
  model: LanguageModel;
  request: ModelRequest;
  signal: AbortSignal;
  /** Whose opaque parts are sent and kept; left out where the provider has none. */
  replay?: ReplayOwner;
  /** The conversation as it is sent, for hints to a cache within it. */
  prompt?: (
    instructions: string,
    messages: SdkMessage[],
  ) => { instructions: Instructions; messages: SdkMessage[] };
  providerOptions?: SdkOptions['providerOptions'];
  /** Left out where the model takes none. */
  effort?: ModelRequest['effort'];
  /** What the transport knows to be wrong with the stream, which then just ends (stream-frames.ts). */
  failure?: () => ModelFailure | null;
}

/**
 * One call of a model through the AI SDK, as our events. `streamLanguageModelCall` is the layer under `streamText`:
 * one attempt, no retries, no tool loop. Tool calls are handed on when the answer is whole, since half an answer's are
 * never run. Throws on failure (ModelFailure where the provider threw one); does not end in `done` unless the model did.
 */
export async function* sdkStream(call: SdkCall): AsyncGenerator<ModelEvent, void, undefined> {
  const { request, failure = () => null } = call;
  const { stream } = await streamLanguageModelCall(sdkOptionsOf(call));
  const recorder = createReplayRecorder();
  const toolCalls: ModelToolCall[] = [];
  let characters = 0;
  let tail = '';
  for await (const part of stream) {
    recorder.note(part);
    switch (part.type) {
      case 'text-delta':
        characters += part.text.length;
        tail = (tail + part.text).slice(-tailLength);
        if (part.text !== '') yield { type: 'text', delta: part.text };
        break;
      case 'reasoning-delta':
        yield { type: 'reasoning', delta: part.text };
        break;
      case 'tool-input-delta':
        // A long call takes minutes, and says by this that it goes on.
        yield { type: 'reasoning', delta: '' };
        break;
      case 'tool-call':
        toolCalls.push(toolCallOf(part));
        break;
      case 'error':
        throw failure() ?? part.error;
      case 'model-call-end': {
        const wrong = failure() ?? endFailure(part, tail, characters + toolCalls.length === 0);
        if (wrong !== null) throw wrong;
        for (const toolCall of toolCalls) yield { type: 'tool_call', call: toolCall };
        yield {
          type: 'done',
          finishReason: finishReasonOf(part.finishReason),
          usage: usageOf(part.usage, request, characters),
          ...replayOf(call.replay, recorder.data()),
        };
        return;
      }
      default:
      // Starts, ends and metadata say nothing that an event has.
    }
  }
  const wrong = failure();
  if (wrong !== null) throw wrong;
}

/** So much of a text is kept to tell how a model refused. */
const tailLength = 300;

const explanationSchema = z.object({
  anthropic: z.object({ stopDetails: z.object({ explanation: z.string().min(1) }) }),
});

function sdkOptionsOf(call: SdkCall): SdkOptions {
  const { request } = call;
  const output = sdkOutput(request.responseSchema);
  const messages = sdkMessages(request.messages, call.replay ?? null);
  return {
    model: call.model,
    ...(call.prompt?.(request.system, messages) ?? { instructions: request.system, messages }),
    tools: sdkTools(request.tools),
    abortSignal: call.signal,
    ...(output === undefined ? {} : { output }),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(call.effort === undefined ? {} : { reasoning: call.effort }),
    ...(call.providerOptions === undefined ? {} : { providerOptions: call.providerOptions }),
  };
}

/** The SDK marks a call to an unknown tool or with broken arguments as invalid; it is handed on like any other. */
function toolCallOf(part: { toolCallId: string; toolName: string; input: unknown }): ModelToolCall {
  return { callId: part.toolCallId, name: part.toolName, input: parsedInput(part.input) };
}

/** Some models send their arguments as a string of JSON. */
function parsedInput(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    const parsed: unknown = JSON.parse(input);
    return typeof parsed === 'object' && parsed !== null ? parsed : input;
  } catch {
    return input;
  }
}

/** What is wrong with an answer that has ended, or null. */
function endFailure(
  end: { finishReason: string; rawFinishReason: string | undefined; providerMetadata?: unknown },
  tail: string,
  silent: boolean,
): ModelFailure | null {
  const { finishReason, rawFinishReason = finishReason } = end;
  if (finishReason === 'content-filter') {
    const why = explanationIn(end.providerMetadata) ?? (tail.trim() === '' ? rawFinishReason : oneLine(tail));
    return new ModelFailure({ kind: 'refused', message: `The model refuses to answer: ${why}` });
  }
  if (finishReason === 'error' || finishReason === 'interrupted')
    return new ModelFailure({ kind: 'bad_response', message: `The answer failed: ${rawFinishReason}.` });
  if (!silent) return null;
  const why = finishReason === 'length' ? ' before it reached its output limit' : '';
  return new ModelFailure({ kind: 'bad_response', message: `The model answered nothing${why}.` });
}

/** Anthropic says why it refuses. */
function explanationIn(metadata: unknown): string | null {
  const found = explanationSchema.safeParse(metadata);
  return found.success ? oneLine(found.data.anthropic.stopDetails.explanation) : null;
}

function finishReasonOf(reason: string): 'stop' | 'length' | 'tool_calls' | 'other' {
  if (reason === 'tool-calls') return 'tool_calls';
  return reason === 'stop' || reason === 'length' ? reason : 'other';
}

function replayOf(owner: ReplayOwner | undefined, data: unknown): { replay?: ModelReplay } {
  return owner === undefined || data === undefined ? {} : { replay: { ...owner, data } };
}

function usageOf(usage: LanguageModelUsage, request: ModelRequest, answered: number): ModelUsage {
  const { inputTokens, outputTokens, inputTokenDetails } = usage;
  // One count alone means that the other is zero: Ollama leaves zeros out.
  if (inputTokens !== undefined || outputTokens !== undefined)
    return {
      promptTokens: inputTokens ?? 0,
      cachedTokens: inputTokenDetails.cacheReadTokens ?? 0,
      ...(inputTokenDetails.cacheWriteTokens ? { cacheWriteTokens: inputTokenDetails.cacheWriteTokens } : {}),
      completionTokens: outputTokens ?? 0,
      reasoningTokens: usage.outputTokenDetails.reasoningTokens ?? 0,
      estimated: false,
    };
  return {
    promptTokens: estimateTokens(requestSize(request)),
    cachedTokens: 0,
    completionTokens: estimateTokens(answered),
    reasoningTokens: 0,
    estimated: true,
  };
}
