import { isObject, objectAt, type JsonObject } from './stream-reader.ts';

/** What a subscription takes of a Responses request beside what every one has. */
export interface SubscriptionBody {
  /** Sent when the request has none: the backends refuse a request without. */
  instructions: string;
  /** A name for the prompt cache is taken. */
  cacheKey: boolean;
  /** Tools are spoken of even where there are none, as the provider's own client does. */
  alwaysTools: boolean;
}

/** All that is ever sent: what is not named here is refused by one of the two (llm-protocols.md §1.2, §2.1). */
const allowed: ReadonlySet<string> = new Set([
  'model',
  'instructions',
  'input',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'store',
  'stream',
  'include',
]);

/** Makes a request of the SDK one that a ChatGPT subscription takes. Changes what it gets. */
export function asSubscriptionBody(body: JsonObject, options: SubscriptionBody): void {
  for (const key of Object.keys(body))
    if (!allowed.has(key) && !(key === 'prompt_cache_key' && options.cacheKey))
      Reflect.deleteProperty(body, key);
  const items = Array.isArray(body.input) ? body.input.filter(isObject) : [];
  const guidance = items.filter(isGuidance).map(({ content }) => String(content));
  body.instructions = guidance.join('\n\n').trim() || options.instructions;
  body.input = items.filter((item) => !isGuidance(item)).map(asItem);
  body.store = false;
  body.stream = true;
  body.include = ['reasoning.encrypted_content'];
  body.reasoning = { ...objectAt(body, 'reasoning'), summary: 'auto' };
  setTools(body, options.alwaysTools);
}

const isGuidance = ({ role }: JsonObject): boolean => role === 'system' || role === 'developer';

/** The long form of a message, which is the only one that the backends are known to take. */
function asItem(item: JsonObject): JsonObject {
  const { role, type, content } = item;
  if (role === undefined || (type !== undefined && type !== 'message')) return item;
  if (typeof content !== 'string') return { type: 'message', ...item };
  const text = { type: role === 'assistant' ? 'output_text' : 'input_text', text: content };
  return { type: 'message', ...item, content: [text] };
}

/** Our tools have optional arguments, which strict ones may not. */
function setTools(body: JsonObject, always: boolean): void {
  const tools = Array.isArray(body.tools) ? body.tools.filter(isObject) : [];
  if (tools.length === 0 && !always) {
    for (const key of ['tools', 'tool_choice', 'parallel_tool_calls']) Reflect.deleteProperty(body, key);
    return;
  }
  body.tools = tools.map((tool) => ({ ...tool, strict: tool.strict === true }));
  body.tool_choice ??= 'auto';
  body.parallel_tool_calls = true;
}
