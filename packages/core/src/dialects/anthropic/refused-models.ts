const memoryMs = 600_000;
/** Clients choose the names: without a limit they could fill the memory. */
const mostModels = 1_000;

/** Models that refused something, remembered for 10 minutes. */
export interface RefusedModels {
  add(modelId: string): void;
  has(modelId: string): boolean;
}

export function refusedModels(): RefusedModels {
  const until = new Map<string, number>();
  return {
    add(modelId) {
      until.delete(modelId);
      const [oldest] = until.keys();
      if (until.size >= mostModels && oldest !== undefined) until.delete(oldest);
      until.set(modelId, performance.now() + memoryMs);
    },
    has: (modelId) => performance.now() < (until.get(modelId) ?? -Infinity),
  };
}
