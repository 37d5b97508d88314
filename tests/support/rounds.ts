import type { FaultProxy } from './fault-proxy.ts';

/** How long the proxy keeps each request before it goes on. */
const delayMs = 40;

export interface Cost {
  readonly requests: number;
  /** Requests one after another: each was sent when the one before was answered. */
  readonly rounds: number;
}

/** Makes a network of the proxy: each request takes 40 ms longer. What is sent while another one is still on its way belongs to the same round. */
export function slowed(proxy: FaultProxy): { cost<T>(work: () => Promise<T>): Promise<readonly [T, Cost]> } {
  let sent: Array<{ readonly answeredMs: number; readonly round: number }> = [];
  proxy.rule(() => {
    const now = performance.now();
    const before = sent.filter(({ answeredMs }) => answeredMs <= now);
    sent.push({ answeredMs: now + delayMs, round: 1 + Math.max(0, ...before.map(({ round }) => round)) });
    return { hold: new Promise((resolve) => setTimeout(resolve, delayMs)) };
  });
  return {
    async cost(work) {
      sent = [];
      const value = await work();
      return [value, { requests: sent.length, rounds: Math.max(0, ...sent.map(({ round }) => round)) }];
    },
  };
}
