import { afterEach, describe, expect, it } from 'vitest';
import { layerTracer } from './layer-tracer.js';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const registered = { version: '1.9.1', trace: { getTracer: () => ({ startSpan: () => undefined }) } };

afterEach(() => {
  Reflect.deleteProperty(globalThis, apiKey);
});

describe('layerTracer', () => {
  it('is a tracer if a layer has registered a provider of traces', async () => {
    Reflect.set(globalThis, apiKey, registered);
    expect(await layerTracer({})).toEqual({ startCall: expect.any(Function) });
    expect(await layerTracer({ OTEL_SDK_DISABLED: 'false' })).toBeDefined();
  });

  it.each([
    ['nothing was registered', undefined],
    ['only metrics were registered', { version: '1.9.1', metrics: {} }],
    ['traces were unregistered', { version: '1.9.1', trace: undefined }],
    ['the place holds something else', 'trace'],
    ['the place holds null', null],
  ])('is none if %s', async (_, value) => {
    if (value !== undefined) Reflect.set(globalThis, apiKey, value);
    expect(await layerTracer({})).toBeUndefined();
  });

  it.each(['true', 'TRUE', ' true '])('is none if OTEL_SDK_DISABLED is %j', async (OTEL_SDK_DISABLED) => {
    Reflect.set(globalThis, apiKey, registered);
    expect(await layerTracer({ OTEL_SDK_DISABLED })).toBeUndefined();
  });
});
