import { jsonSchema, Output, tool, type ModelMessage as SdkMessage, type ToolSet } from 'ai';
import type { ModelRequest } from '../../app/ports/model.ts';
import type { ModelMessage, ToolSpec } from '../../domain/model-messages.ts';

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

export const sdkMessages = (messages: readonly ModelMessage[]): SdkMessage[] => messages.map(sdkMessage);

function sdkMessage(message: ModelMessage): SdkMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text };
    case 'assistant':
      return {
        role: 'assistant',
        content: [
          ...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]),
          ...message.toolCalls.map((call) => ({
            type: 'tool-call' as const,
            toolCallId: call.callId,
            toolName: call.name,
            input: asObject(call.input),
          })),
        ],
      };
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

/** Providers take objects only; arguments that were not one go back to the model as it wrote them. */
const asObject = (input: unknown): object =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? input
    : { malformed_arguments: input };

/** Asks for JSON of that shape. Nothing is checked here: the caller validates. */
export const sdkOutput = (responseSchema: ModelRequest['responseSchema']) =>
  responseSchema === undefined ? undefined : Output.object({ schema: jsonSchema(responseSchema) });
