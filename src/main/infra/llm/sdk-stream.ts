import {
  experimental_streamLanguageModelCall as streamLanguageModelCall,
  type LanguageModel,
  type LanguageModelUsage,
} from 'ai';
import type { ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent, ModelToolCall, ModelUsage } from '../../domain/model-messages.ts';
import { estimateTokens, requestSize } from '../../domain/token-estimate.ts';
import { ModelFailure } from './model-failure.ts';
import { sdkMessages, sdkOutput, sdkTools } from './sdk-request.ts';

/**
 * One call of a model through the AI SDK, as our events. `streamLanguageModelCall` is the layer under `streamText`:
 * one attempt, no retries, no tool loop. Throws on failure (ModelFailure where the provider threw one); does not end
 * in `done` unless the model did.
 */
export async function* sdkStream(
  model: LanguageModel,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  const output = sdkOutput(request.responseSchema);
  const { stream } = await streamLanguageModelCall({
    model,
    instructions: request.system,
    messages: sdkMessages(request.messages),
    tools: sdkTools(request.tools),
    abortSignal: signal,
    ...(output === undefined ? {} : { output }),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
  });
  const sent = { characters: 0, calls: 0 };
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        sent.characters += part.text.length;
        yield { type: 'text', delta: part.text };
        break;
      case 'reasoning-delta':
        yield { type: 'reasoning', delta: part.text };
        break;
      case 'tool-call':
        sent.calls += 1;
        yield { type: 'tool_call', call: toolCallOf(part) };
        break;
      case 'error':
        throw part.error;
      case 'model-call-end':
        if (sent.characters === 0 && sent.calls === 0) throw nothingSaid(part.finishReason);
        yield {
          type: 'done',
          finishReason: finishReasonOf(part.finishReason),
          usage: usageOf(part.usage, request, sent.characters),
        };
        return;
      default:
      // Starts, ends and metadata say nothing that an event has.
    }
  }
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

function nothingSaid(finishReason: string): ModelFailure {
  const why = finishReason === 'length' ? ' before it reached its output limit' : '';
  return new ModelFailure({ kind: 'bad_response', message: `The model answered nothing${why}.` });
}

function finishReasonOf(reason: string): 'stop' | 'length' | 'tool_calls' | 'other' {
  if (reason === 'tool-calls') return 'tool_calls';
  return reason === 'stop' || reason === 'length' ? reason : 'other';
}

function usageOf(usage: LanguageModelUsage, request: ModelRequest, answered: number): ModelUsage {
  const { inputTokens, outputTokens } = usage;
  // One count alone means that the other is zero: Ollama leaves zeros out.
  if (inputTokens !== undefined || outputTokens !== undefined)
    return {
      promptTokens: inputTokens ?? 0,
      cachedTokens: usage.inputTokenDetails.cacheReadTokens ?? 0,
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
