import {
  jsonSchema,
  Output,
  tool,
  type AssistantContent,
  type ModelMessage as SdkMessage,
  type ToolSet,
} from 'ai';
import type { ModelRequest } from '../../app/ports/model.ts';
import type { ModelImage, ModelMessage, ToolSpec } from '../../domain/model-messages.ts';
import { asObject, replayedContent, replayFor } from './sdk-replay.ts';

/** Tools without `execute`: the SDK only tells the model of them and hands its calls back. */
export function sdkTools(tools: readonly ToolSpec[]): ToolSet | undefined {
  if (tools.length === 0) return undefined;
  return Object.fromEntries(
    tools.map((spec) => [
      spec.name,
      tool({ description: spec.description, inputSchema: jsonSchema(spec.parameters) }),
    ]),
  );
}

/** Whose answers may be replayed: the provider and model that are called now. */
export interface ReplayOwner {
  provider: string;
  model: string;
}

/** `owner`: null where nothing is replayed. */
export const sdkMessages = (messages: readonly ModelMessage[], owner: ReplayOwner | null): SdkMessage[] =>
  messages.map((message) => sdkMessage(message, owner));

function sdkMessage(message: ModelMessage, owner: ReplayOwner | null): SdkMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: userContent(message.text, message.images ?? []) };
    case 'assistant':
      return { role: 'assistant', content: assistantContent(message, owner) };
    case 'tool':
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: message.callId,
            toolName: message.name,
            output: { type: 'text', value: message.output },
          },
        ],
      };
  }
}

function userContent(text: string, images: readonly ModelImage[]) {
  if (images.length === 0) return text;
  const files = images.map(({ mediaType, base64 }) => ({ type: 'file' as const, mediaType, data: base64 }));
  return text === '' ? files : [...files, { type: 'text' as const, text }];
}

function assistantContent(
  message: Extract<ModelMessage, { role: 'assistant' }>,
  owner: ReplayOwner | null,
): AssistantContent {
  const replay = owner === null ? null : replayFor(message, owner.provider, owner.model);
  const replayed = replay === null ? null : replayedContent(message, replay);
  if (replayed !== null) return replayed;
  return [
    ...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]),
    ...message.toolCalls.map((call) => ({
      type: 'tool-call' as const,
      toolCallId: call.callId,
      toolName: call.name,
      input: asObject(call.input),
    })),
  ];
}

/** Asks for JSON of that shape. Nothing is checked here: the caller validates. */
export const sdkOutput = (responseSchema: ModelRequest['responseSchema']) =>
  responseSchema === undefined ? undefined : Output.object({ schema: jsonSchema(responseSchema) });
