import { z } from 'zod';
import type { ModelTest } from '../../../shared/models.ts';
import type { ModelToolCall, ToolSpec } from '../../domain/model-messages.ts';
import type { CallModel, ModelAnswer } from '../crew/engine.ts';

const tool: ToolSpec = {
  name: 'add_numbers',
  description: 'Adds two whole numbers.',
  parameters: {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'integer' } },
    required: ['a', 'b'],
    additionalProperties: false,
  },
};
const argumentsSchema = z.object({ a: z.coerce.number(), b: z.coerce.number() });
const system = 'You are being tested. Use the tool you are given; do not calculate yourself.';
const question = 'Say one short sentence, then call the tool add_numbers with a = 19 and b = 23.';

/** One call under all limits, like any other: does the model answer, does it call a tool with the right arguments. */
export async function testModel(
  callModel: CallModel,
  model: string,
  contextTokens: number,
  signal: AbortSignal,
): Promise<ModelTest> {
  const answer = await callModel(
    {
      model,
      system,
      messages: [{ role: 'user', text: question }],
      tools: [tool],
      contextTokens,
      maxOutputTokens: 512,
      jobId: null,
      role: null,
      agent: 'test',
    },
    signal,
  );
  return answer.ok ? answered(model, answer) : failed(model, answer.error.message);
}

function answered(model: string, answer: Extract<ModelAnswer, { ok: true }>): ModelTest {
  const { usage, measured } = answer;
  const callsTools = answer.toolCalls.some(isRight);
  const wrong = answer.toolCalls[0];
  const detail =
    callsTools || !wrong ? '' : `It called ${wrong.name} with ${JSON.stringify(wrong.input)}`.slice(0, 300);
  return {
    model,
    ok: true,
    calls_tools: callsTools,
    first_token_ms: measured?.firstTokenMs ?? null,
    tokens_per_second: speedOf(answer),
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    cost_usd: measured?.costUsd ?? null,
    detail,
  };
}

function isRight(call: ModelToolCall): boolean {
  const given = argumentsSchema.safeParse(call.input);
  return call.name === tool.name && given.success && given.data.a === 19 && given.data.b === 23;
}

/** After the first token; null where everything came at once. */
function speedOf({ usage, measured }: Extract<ModelAnswer, { ok: true }>): number | null {
  if (!measured || measured.firstTokenMs === null || usage.estimated) return null;
  const seconds = (measured.durationMs - measured.firstTokenMs) / 1000;
  return seconds > 0 && usage.completionTokens > 1 ? usage.completionTokens / seconds : null;
}

const failed = (model: string, detail: string): ModelTest => ({
  model,
  ok: false,
  calls_tools: false,
  first_token_ms: null,
  tokens_per_second: null,
  prompt_tokens: 0,
  completion_tokens: 0,
  cost_usd: null,
  detail,
});
