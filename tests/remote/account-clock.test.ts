import { describe, expect, test } from 'vitest';
import { AccountClock } from '../../src/remote/account-clock.ts';

function clockAt(start: number): { clock: AccountClock; pass(ms: number): void } {
  let now = start;
  return {
    clock: new AccountClock(() => now),
    pass(ms) {
      now += ms;
    },
  };
}

const header = (time: string) => new Date(time).toUTCString();

describe("the service's clock", () => {
  test('is not known before an answer, nor from one without a date', () => {
    const { clock } = clockAt(123);
    expect(clock.now()).toBeUndefined();
    clock.hear(undefined);
    clock.hear('no date');
    expect(clock.now()).toBeUndefined();
  });

  test('continues from an answer by what passes here', () => {
    const { clock, pass } = clockAt(55_555.5);
    clock.hear(header('2026-11-20T08:00:00Z'));
    expect(clock.now()).toBe('2026-11-20T08:00:00.000Z');
    pass(90_250);
    expect(clock.now()).toBe('2026-11-20T08:01:30.250Z');
  });

  test('comes nearer with each answer, and never goes back for one that was cut to the second or slow to come', () => {
    const { clock, pass } = clockAt(0);
    clock.hear(header('2026-11-20T08:00:00Z'));
    pass(900);
    clock.hear(header('2026-11-20T08:00:01Z'));
    expect(clock.now()).toBe('2026-11-20T08:00:01.000Z');
    pass(950);
    clock.hear(header('2026-11-20T08:00:01Z'));
    expect(clock.now()).toBe('2026-11-20T08:00:01.950Z');
  });

  test('follows a service that was set back', () => {
    const { clock } = clockAt(0);
    clock.hear(header('2026-11-20T08:00:00Z'));
    clock.hear(header('2026-11-20T07:00:00Z'));
    expect(clock.now()).toBe('2026-11-20T07:00:00.000Z');
  });
});
