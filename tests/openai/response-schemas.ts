import { z } from 'zod';

const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[\\w-]+$`));
const count = z.int().min(0);
const text = z.string();
const seconds = z.int().min(1_600_000_000);
const status = z.enum(['in_progress', 'completed', 'incomplete']);

const textPart = z.strictObject({
  type: z.literal('output_text'),
  text,
  annotations: z.array(z.never()),
  logprobs: z.array(z.never()),
});
const summaryPart = z.strictObject({ type: z.literal('summary_text'), text });
const call = { status, call_id: text.min(1), name: text.min(1), namespace: text.min(1).optional() };

const item = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    id: id('msg'),
    status,
    role: z.literal('assistant'),
    content: z.array(textPart),
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    id: id('rs'),
    status,
    summary: z.array(summaryPart),
    encrypted_content: z.base64url().optional(),
  }),
  z.strictObject({ type: z.literal('function_call'), id: id('fc'), ...call, arguments: text }),
  z.strictObject({ type: z.literal('custom_tool_call'), id: id('ctc'), ...call, input: text }),
]);

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: text,
  description: text.nullable(),
  parameters: z.looseObject({}).nullable(),
  strict: z.boolean().nullable(),
});
const customTool = z.strictObject({
  type: z.literal('custom'),
  name: text,
  description: text.nullable(),
  format: z.looseObject({ type: z.enum(['text', 'grammar']) }),
});
const tool = z.discriminatedUnion('type', [
  functionTool,
  customTool,
  z.strictObject({
    type: z.literal('namespace'),
    name: text,
    description: text.nullable(),
    tools: z.array(z.discriminatedUnion('type', [functionTool, customTool])),
  }),
]);

const error = z.strictObject({ code: text.min(1), message: text.min(1) });

/** The object of a response: it has all of these members, and no other. */
export const responseSchema = z.strictObject({
  id: id('resp'),
  object: z.literal('response'),
  created_at: seconds,
  completed_at: seconds.nullable(),
  status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
  error: error.nullable(),
  incomplete_details: z.strictObject({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  instructions: text.nullable(),
  model: text.min(1),
  output: z.array(item),
  tools: z.array(tool),
  tool_choice: z.union([z.enum(['auto', 'none', 'required']), z.looseObject({ type: text })]),
  parallel_tool_calls: z.boolean(),
  max_output_tokens: count.nullable(),
  max_tool_calls: count.nullable(),
  text: z.strictObject({ format: z.looseObject({ type: text }), verbosity: text.optional() }),
  reasoning: z.strictObject({ effort: text.nullable(), summary: text.nullable() }),
  metadata: z.record(text, text),
  usage: z
    .strictObject({
      input_tokens: count,
      input_tokens_details: z.strictObject({ cached_tokens: count, cache_write_tokens: count }),
      output_tokens: count,
      output_tokens_details: z.strictObject({ reasoning_tokens: z.literal(0) }),
      total_tokens: count,
    })
    .refine(({ input_tokens: input, output_tokens: output, total_tokens: total }) => total === input + output)
    .nullable(),
  temperature: z.number(),
  top_p: z.number(),
  presence_penalty: z.number(),
  frequency_penalty: z.number(),
  top_logprobs: z.literal(0),
  truncation: text,
  store: z.literal(false),
  background: z.literal(false),
  service_tier: text,
  previous_response_id: z.null(),
  user: text.nullable(),
  safety_identifier: text.nullable(),
  prompt_cache_key: text.nullable(),
});

export type ResponseBody = z.infer<typeof responseSchema>;
export type ResponseItem = z.infer<typeof item>;

const sequence = { sequence_number: count };
const place = { ...sequence, item_id: text, output_index: count };
const content = { ...place, content_index: z.literal(0) };
const summary = { ...place, summary_index: count };
const event = <Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });
const delta = text.min(1);
const logprobs = z.array(z.never());

/** Every event that a stream may have, with exactly these members. */
export const responseEventSchema = z.discriminatedUnion('type', [
  event('response.created', { ...sequence, response: responseSchema }),
  event('response.in_progress', { ...sequence, response: responseSchema }),
  event('response.completed', { ...sequence, response: responseSchema }),
  event('response.incomplete', { ...sequence, response: responseSchema }),
  event('response.failed', { ...sequence, response: responseSchema }),
  event('response.output_item.added', { ...sequence, output_index: count, item }),
  event('response.output_item.done', { ...sequence, output_index: count, item }),
  event('response.content_part.added', { ...content, part: textPart }),
  event('response.output_text.delta', { ...content, delta, logprobs }),
  event('response.output_text.done', { ...content, text, logprobs }),
  event('response.content_part.done', { ...content, part: textPart }),
  event('response.reasoning_summary_part.added', { ...summary, part: summaryPart }),
  event('response.reasoning_summary_text.delta', { ...summary, delta }),
  event('response.reasoning_summary_text.done', { ...summary, text }),
  event('response.reasoning_summary_part.done', { ...summary, part: summaryPart }),
  event('response.function_call_arguments.delta', { ...place, delta }),
  event('response.function_call_arguments.done', { ...place, name: text, arguments: text }),
  event('response.custom_tool_call_input.delta', { ...place, delta: text }),
  event('response.custom_tool_call_input.done', { ...place, input: text }),
  event('error', {
    ...sequence,
    code: text.min(1),
    message: text.min(1),
    param: z.null(),
    error: z.strictObject({ type: text.min(1), code: text.min(1), message: text.min(1), param: z.null() }),
  }),
]);

export type ResponseEvent = z.infer<typeof responseEventSchema>;
