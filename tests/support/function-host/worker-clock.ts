let offsetMs = 0;
let isShifted = false;

/** From now on this process's clock is so far from the machine's: where durable timers jump, everything does. */
export function shiftClock(byMs: number): void {
  offsetMs = byMs;
  if (isShifted) return;
  isShifted = true;
  const real = Date;
  const now = (): number => real.now() + offsetMs;
  globalThis.Date = new Proxy(real, {
    construct: (target, given, asked) => Reflect.construct(target, given.length === 0 ? [now()] : given, asked) as object,
    apply: () => new real(now()).toString(),
    get: (target, name, asked) => (name === 'now' ? now : (Reflect.get(target, name, asked) as unknown)),
  });
}
